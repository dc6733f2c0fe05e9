"""Vector's influxdb_metrics sink: vectordotdev/vector, src/sinks/influxdb/mod.rs and metrics.rs, over hyper.

Counts are unsigned (`u`) for 2.x, and signed for 1.x.
"""
import wire

AGENT = '''
    user-agent: Vector/0.39.0 (x86_64-unknown-linux-gnu 73da9bb 2024-06-17)
    accept-encoding: identity
    host: $host
    '''.rstrip()


class Vector(wire.WriterTest):
    def test_healthcheck(self):
        """200 or 204, else Vector does not start when healthchecks are required."""
        for path in ('/ping', '/health'):
            self.assertIn(self.send(f'GET {path} HTTP/1.1{AGENT}').status, {200, 204})

    def write(self, path, token, lines):
        reply = self.send(f'''
            POST {path} HTTP/1.1
            content-type: text/plain
            authorization: Token {token}{AGENT}
            content-length: $length
            ''', lines)
        self.assertEqual(reply.status // 100, 2)

    def test_write_to_1x(self):
        """The token is sent though there is none."""
        self.write('/write?consistency=quorum&db=vector_db&rp=autogen&p=secret&u=writer&precision=ns', '$empty',
                   'ns.requests,metric_type=distribution,region=us avg=1.875,count=8i,quantile_0.95=3,sum=15 $ns\n')
        self.serves('ns_requests_quantile_0_95', 3, metric_type='distribution', region='us')

    def test_write_to_2x(self):
        self.write('/api/v2/write?org=my-org&bucket=my-bucket&precision=ns', 'my-token',
                   'ns.latency,metric_type=histogram bucket_1=1u,bucket_2.1=2u,count=6u,sum=12.5 $ns\n'
                   'ns.users,metric_type=set value=2 $ns\n')
        self.serves('ns_latency_bucket_2_1', 2, metric_type='histogram')
        self.serves('ns_users', 2, metric_type='set')

    def test_errors_are_not_sent_again(self):
        """HttpRetryLogic: only 429 and 5xx are; others drop the batch."""
        reply = self.send(f'POST /api/v2/write?bucket=b HTTP/1.1{AGENT}\ncontent-length: $length', 'bad\n')
        self.assertEqual(reply.status, 400)
