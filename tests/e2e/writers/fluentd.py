"""Fluentd's fluent-plugin-influxdb: fangli/fluent-plugin-influxdb, lib/fluent/plugin/out_influxdb.rb, over influxdb-ruby
(InfluxCommunity/influxdb-ruby, lib/influxdb/client/http.rb).

It does not make its database, and refuses to start unless SHOW DATABASES has it.
"""
import wire

NET_HTTP = '''
    Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3
    Accept: */*
    User-Agent: Ruby
    Connection: close
    Host: $host
    '''.rstrip()


class Fluentd(wire.WriterTest):
    def test_start(self):
        """handle_successful_response: a success, JSON, no error in the first result."""
        self.start('--influxdb.database=fluentd')
        reply = self.send(f'GET /query?q=SHOW+DATABASES&u=root&p=root HTTP/1.1{NET_HTTP}')
        self.assertEqual(reply.status // 100, 2)
        [result] = self.read_json(reply)['results']
        self.assertNotIn('error', result)
        self.assertIn('fluentd', [name for [name] in result['series'][0]['values']])

    def test_write(self):
        """post: Net::HTTPNoContent, else the body is the error; a chunk that fails is sent again. Later
        versions of influxdb-ruby send gzip."""
        for coding, host in (('', 'plain'), ('Content-Encoding: gzip', 'gzip')):
            reply = self.send(f'''
                POST /write?db=fluentd&precision=s&u=root&p=root HTTP/1.1
                Content-Type: application/octet-stream
                {coding}{NET_HTTP}
                Content-Length: $length
                ''', f'app.access,host={host} code=200i,time_taken=0.031,method="GET" $s\napp.access,host={host}-b code=404i $s')
            self.assertEqual(reply.status, 204)
            self.serves('app_access_code', 200, host=host)
            self.serves('app_access_code', 404, host=f'{host}-b')
