"""cAdvisor's influxdb storage driver: google/cadvisor, cmd/internal/storage/influxdb/influxdb.go, over the oldest Go client
(influxdata/influxdb1-client, influxdb.go).

Labels of containers are tags, with their dots and dashes; cores are told apart by a tag `instance`.
"""
import wire

AGENT = '''
    Host: $host
    User-Agent: cAdvisor/v0.49.1
    '''.rstrip()


class Cadvisor(wire.WriterTest):
    def test_ping(self):
        """The client takes the version from the header, whatever the status."""
        reply = self.send(f'GET /ping HTTP/1.1{AGENT}\nAuthorization: Basic cm9vdDpyb290\nAccept-Encoding: gzip')
        self.assertRegex(reply.headers['x-influxdb-version'], r'^\d+\.\d+\.\d+$')

    def test_write(self):
        """Write: 204 or 200, else the body is the error."""
        reply = self.send(f'''
            POST /write?consistency=&db=cadvisor&precision=&rp= HTTP/1.1{AGENT}
            Content-Length: $length
            Authorization: Basic cm9vdDpyb290
            Content-Type: $empty
            Accept-Encoding: gzip
            ''', 'cpu_usage_per_cpu,com.docker.compose.service=web,container_name=/docker/1f,instance=0,machine=m1,'
                 'org-label=a\\ b value=1234567890i $ns\nfs_usage,device=/dev/sda1,machine=m1,type=usage value=42i $ns\n')
        self.assertIn(reply.status, {200, 204})
        self.serves('cpu_usage_per_cpu', 1234567890, com_docker_compose_service='web', container_name='/docker/1f',
                    instance='0', machine='m1', org_label='a b')
        self.serves('fs_usage', 42, device='/dev/sda1', machine='m1', type='usage')
