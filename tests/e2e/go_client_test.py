"""The Go clients of InfluxDB 1.x, as Debian has their sources, in the program clients/go_client.go."""
import os
import unittest

from real_client_test_case import BUILD, RealClientTestCase, host_points, series_of

# Debian keeps the sources of libraries where the old GOPATH finds them; nothing is fetched.
GO = {'GO111MODULE': 'off', 'GOPATH': '/usr/share/gocode', 'GOFLAGS': '', 'GOPROXY': 'off',
      'GOCACHE': os.path.join(BUILD, 'e2e_go_cache')}


class GoClientTest(RealClientTestCase):
    def test_every_client(self):
        points = host_points('influxdb1-client')
        self.write_with(['go', 'run', 'go_client.go', str(self.bridge.port), str(self.bridge.udp_port)], points,
                        env={**os.environ, **GO})
        for way in ('http', 'gzip', 'udp', 'first'):
            self.expect(series_of(points, way=way))
        self.assertEqual(self.count('fluxgate_lines_rejected_total'), 1)  # the one that the program breaks


if __name__ == '__main__':
    unittest.main()
