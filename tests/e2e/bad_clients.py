"""Clients that break off, trickle, or talk nonsense. Each takes a port and a random generator; those that send a whole
good write first check that it was answered."""
import gzip

from http_connection import Closed, Connection

LINE = b'bad_client value=1\n'
WRITE = b'POST /write?db=bad HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%b' % (len(LINE), LINE)


def _read_to_the_end(connection):
    """What a nonsense request is answered is of no interest, but it must be whole, and it must end."""
    connection.socket.shutdown(1)
    try:
        while True:
            connection.reply()
    except Closed:
        pass


def _expect_no_content(connection):
    status = connection.reply().status
    assert status == 204, status


def cuts_off_a_body(port, random):
    with Connection(port) as connection:
        connection.send(WRITE.replace(b'Length: ', b'Length: 1')[:-random.randint(1, len(LINE))])
        if random.random() < 0.5:
            connection.reset()


def cuts_off_a_gzip_body(port, random):
    body = gzip.compress(LINE * 10000)[:-random.randint(1, 50)]
    with Connection(port) as connection:
        connection.send(b'POST /write HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n'
                        b'%x\r\n%b\r\n' % (len(body), body))


def cuts_off_a_scrape(port, random):
    with Connection(port, receive_buffer=4096) as connection:
        coding = random.choice([b'', b'Accept-Encoding: gzip\r\n'])
        connection.send(b'GET /metrics HTTP/1.1\r\nHost: a\r\n%b\r\n' % coding)
        connection.socket.recv(random.randint(1, 4000))
        connection.reset()


def sends_single_bytes(port, _):
    with Connection(port) as connection:
        for byte in WRITE:
            connection.send(bytes([byte]))
        _expect_no_content(connection)


def closes_its_side_first(port, _):
    with Connection(port) as connection:
        connection.send(WRITE)
        connection.socket.shutdown(1)
        _expect_no_content(connection)


def sends_nonsense_after_a_write(port, random):
    with Connection(port) as connection:
        connection.send(WRITE + random.randbytes(random.randint(1, 2000)))
        _expect_no_content(connection)
        _read_to_the_end_or_reset(connection)


def sends_nonsense_before_a_write(port, random):
    with Connection(port) as connection:
        connection.send(random.randbytes(random.randint(1, 2000)) + WRITE)
        _read_to_the_end_or_reset(connection)


def _read_to_the_end_or_reset(connection):
    try:
        _read_to_the_end(connection)
    except OSError:
        pass  # it was reset: also an end


def sends_broken_requests(port, random):
    request = random.choice([
        b'POST /write HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
        b'POST /write HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n',
        b'POST /write HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n',
        b'POST /write HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n',
        b'POST /write HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nm v=1',
        b'POST /write HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nm v=1',
        b'GET /metrics HTTP/9.9\r\n\r\n', b'BREW /coffee HTTP/1.1\r\nHost: a\r\n\r\n', b'\r\n\r\n\r\n', b'\x16\x03\x01\x02\x00\x01',
        b'GET /' + b'x' * 100000, b'GET / HTTP/1.1\r\n' + b'a: b\r\n' * 20000, b'GET /metrics?%zz%00 HTTP/1.0\r\n\r\n'])
    with Connection(port) as connection:
        connection.send(request)
        _read_to_the_end_or_reset(connection)


ALL = [cuts_off_a_body, cuts_off_a_gzip_body, cuts_off_a_scrape, sends_single_bytes, closes_its_side_first,
       sends_nonsense_after_a_write, sends_nonsense_before_a_write, sends_broken_requests]
