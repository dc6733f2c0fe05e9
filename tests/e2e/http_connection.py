"""An HTTP client that sends any bytes it is told to and knows exactly what came back."""
import collections
import socket
import struct

Reply = collections.namedtuple('Reply', 'status headers body')


class Closed(Exception):
    """The connection ended with not one byte of a reply."""


class CutOff(Exception):
    """The connection ended in the middle of a reply."""


class Connection:
    """Every reply is checked for being whole; header names are lower case."""

    def __init__(self, address, receive_buffer=None):
        """`address`: a port of this machine, or the path of a unix socket."""
        is_path = isinstance(address, str)
        self.socket = socket.socket(socket.AF_UNIX if is_path else socket.AF_INET)
        self.socket.settimeout(60)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.unread = b''
        try:
            self.socket.connect(address if is_path else ('127.0.0.1', address))
        except OSError:
            self.socket.close()
            raise
        if not is_path:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        """False when the other side is gone: what it answered before can still be read."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    def reset(self):
        """Ends the connection the hard way."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.socket.close()

    def request(self, method, path, body=b'', headers=()):
        fields = [('Host', 'localhost'), *headers]
        if body:
            fields.append(('Content-Length', len(body)))
        head = ''.join(f'{name}: {value}\r\n' for name, value in fields)
        self.send(f'{method} {path} HTTP/1.1\r\n{head}\r\n'.encode() + body)
        return self.reply(method)

    def reply(self, method='GET', versions=('HTTP/1.1',)):
        head = self._take_through(b'\r\n\r\n')
        first, *lines = head[:-4].decode('latin-1').split('\r\n')
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(':') for line in lines)}
        version, status = first.split(' ')[:2]
        assert version in versions, first
        if version == 'HTTP/1.0':
            headers.setdefault('connection', 'close')
        return Reply(int(status), headers, self._body(method, int(status), headers))

    def _body(self, method, status, headers):
        if method == 'HEAD' or status == 204 or status < 200:
            return b''
        if headers.get('transfer-encoding') == 'chunked':
            chunks = []
            while size := int(self._take_through(b'\r\n', begun=True), 16):
                chunks.append(self._take(size + 2)[:-2])
            assert self._take(2) == b'\r\n'
            return b''.join(chunks)
        if 'content-length' in headers:
            return self._take(int(headers['content-length']))
        assert headers['connection'] == 'close', headers
        return self._take_to_the_end()

    def _take_to_the_end(self):
        parts = [self.unread]
        while data := self.socket.recv(1 << 16):
            parts.append(data)
        self.unread = b''
        return b''.join(parts)

    def _receive(self, begun):
        try:
            data = self.socket.recv(1 << 16)
        except ConnectionResetError:
            data = b''
        if not data:
            raise CutOff(self.unread[:200]) if begun or self.unread else Closed
        self.unread += data

    def _take_through(self, mark, begun=False):
        while mark not in self.unread:
            self._receive(begun)
        return self._take(self.unread.index(mark) + len(mark))

    def _take(self, size):
        while len(self.unread) < size:
            self._receive(True)
        taken, self.unread = self.unread[:size], self.unread[size:]
        return taken
