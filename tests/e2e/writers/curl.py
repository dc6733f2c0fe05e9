"""curl in shell scripts: curl/curl, which calls what -d and --data-binary send a form, and waits for 100 Continue before
bodies over 1 MiB."""
import wire


class Curl(wire.WriterTest):
    def post(self, query, body, *fields):
        return self.send('\n'.join((f'POST /write?{query} HTTP/1.1', 'Host: $host', *fields, 'User-Agent: curl/7.88.1', 'Accept: */*',
                                    'Content-Length: $length', 'Content-Type: application/x-www-form-urlencoded')), body)

    def test_post(self):
        """What looks like a form is not read as one: %20 and + stay."""
        reply = self.post('db=mydb', 'sh,path=a%20b+c value=1', 'Authorization: Basic dTpw')
        self.assertEqual(reply.status, 204)
        self.serves('sh', 1, path='a%20b+c')

    def test_post_of_much(self):
        lines = ''.join(f'sh,n={n % 10} value={n}\n' for n in range(70000))
        self.assertEqual(self.send('POST /write?db=mydb HTTP/1.1\nHost: $host\nUser-Agent: curl/7.88.1\nAccept: */*\n'
                                   'Content-Length: $length\nContent-Type: text/plain\nExpect: 100-continue', lines).status, 204)
        self.serves('sh', 69999, n='9')
