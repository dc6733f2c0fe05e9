"""Requests of InfluxDB 1.x as its version 1.6.7 and fluxgate answer them, and every difference with its reason.

Case.steps are sent one by one on one connection, and after each as many replies are read as it has requests.
Case.differs names what differs, with the reason: 'status', 'body', a header, or 'stays open' (whether another
request is answered on the connection). A strict case is for a fluxgate with --influxdb.strict. Not compared are how
a body is framed, how JSON is spaced, and the Content-Type that InfluxDB gives a reply without a body.

EXTENSIONS are what fluxgate has on purpose beyond InfluxDB 1.6.7: later versions, HTTP as its RFCs allow it, and
the lines that the README says it reads otherwise. Of them only the two statuses are told.
"""
import collections
import gzip
import json
import urllib.parse
import zlib

BODY_SIZE_MAX = 64 << 10

Case = collections.namedtuple('Case', 'name steps differs strict')
Step = collections.namedtuple('Step', 'data methods')
Extension = collections.namedtuple('Extension', 'name step statuses reason')

SETUP_QUERIES = (
    'CREATE DATABASE d1; CREATE DATABASE w; CREATE DATABASE z',
    'CREATE RETENTION POLICY two ON w DURATION INF REPLICATION 1',
    "CREATE USER someone WITH PASSWORD 'secret'",
)
SETUP_LINES = (
    b'cpu,host=a,region=eu usage=1.5,idle=3 1700000000000000000\n'
    b'cpu,host=b,region=eu usage=2.5,idle=4,x=7 1700000000000000001\n'
    b'mem,host=a used=12345678901,free=1e-7 1700000000000000000\n'
    b'mem,host=b,t=q\\,\\ r big=1e22,small=123456.789 1700000000123000000\n')

# Reasons.
NO_DATABASE = 'fluxgate needs no database, as influxdb_exporter does not'
UNKNOWN_DATABASE = 'fluxgate makes a database, or a policy, of the first write to it: no writer loses data to a 404'
OTHER_TYPE = 'fluxgate keeps no types: a value of another one is the newest value'
HEAD = 'HEAD is answered wherever GET is, as RFC 9110 has it'
LATER_PING = '1.8, which fluxgate says it is, answers a verbose ping with its version; 1.6 does not'
BOGUS_PRECISION = '1.12 rejects such a precision; to read it as nanoseconds, as 1.6 does, loses data silently'
JSON_ERRORS = 'errors of fluxgate are JSON for every path and method'
ROUTES = 'InfluxDB leaves out on paths and methods that it does not have what fluxgate sends with every reply'
GZIP_TEXT = JSON_TEXT = 'the words are those of another library'
GO_REFUSALS = 'what the HTTP library of Go refuses before InfluxDB sees it, fluxgate refuses in its own words'
LEFTOVER = 'fluxgate reads on only a little of a body that it has refused'
REUSE = 'the body was read, so that the connection can go on'
TERMINALS = 'no control character of a sender gets into a header of fluxgate'
UNCODED = 'answers of fluxgate are not worth the work of coding them'
BOUNDED = 'a reply of fluxgate spells out 20 bad lines and 4 KiB of them'
UNBOUND = 'the warning repeats the statement as it was written'
ALLOW = 'fluxgate names the methods that the path has'

# Differences of whole groups: a 404 or 405 of InfluxDB comes from its router, before what makes its replies.
UNROUTED = {'body': JSON_ERRORS, 'content-type': JSON_ERRORS, 'x-influxdb-error': JSON_ERRORS,
            'request-id': ROUTES, 'x-request-id': ROUTES}
REFUSED = {**dict.fromkeys(UNROUTED, GO_REFUSALS), 'x-influxdb-version': GO_REFUSALS,
           'x-influxdb-build': GO_REFUSALS, 'date': GO_REFUSALS}
UNROUTED_HEAD = {name: reason for name, reason in UNROUTED.items() if name != 'body'}


def rejected(reason):
    """What differs where one side takes a write and the other does not."""
    return dict.fromkeys(('status', 'body', 'content-type', 'x-influxdb-error'), reason)


def request(method, target, body=b'', *headers, version='1.1'):
    head = [f'{method} {target} HTTP/{version}', 'Host: a', *headers]
    if body or method in ('POST', 'PUT'):
        head.append(f'Content-Length: {len(body)}')
    return Step('\r\n'.join([*head, '', '']).encode('latin-1') + body, [method])


def write(body, query='db=w', *headers, **options):
    return request('POST', f'/write?{query}', body, *headers, **options)


def ask(q, query='db=d1', *headers):
    return request('GET', f'/query?{query}&q={urllib.parse.quote(q)}', b'', *headers)


def form(fields, query='', *headers):
    return request('POST', f'/query?{query}', urllib.parse.urlencode(fields).encode(),
                   'Content-Type: application/x-www-form-urlencoded', *headers)


def multipart(path, **fields):
    parts = ''.join(f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                    for name, value in fields.items())
    return request('POST', path, f'{parts}--B--\r\n'.encode(), 'Content-Type: multipart/form-data; boundary=B')


def raw(data, *methods):
    return Step(data, methods or ['GET'])


def case(name, *steps, differs=None, strict=False):
    return Case(name, steps, differs or {}, strict)


GOOD = b'm,t=a v=1 1700000000000000000\n'
ZIPPED = gzip.compress(GOOD * 20, mtime=0)

PING = [
    case('ping', request('GET', '/ping')),
    case('ping by HEAD', request('HEAD', '/ping')),
    case('ping with wait_for_leader', request('GET', '/ping?wait_for_leader=1s')),
    case('ping, not verbose', request('GET', '/ping?verbose=false')),
    case('ping, verbose', request('GET', '/ping?verbose=true'),
         differs={'status': LATER_PING, 'body': LATER_PING, 'content-type': LATER_PING}),
    case('ping by DELETE', request('DELETE', '/ping'), differs={**UNROUTED, 'allow': ALLOW}),
    case('ping with an Origin', request('GET', '/ping', b'', 'Origin: http://page.example')),
    case('ping over HTTP/1.0', request('GET', '/ping', version='1.0')),
    case('ping over HTTP/1.0, kept', request('GET', '/ping', b'', 'Connection: keep-alive', version='1.0')),
    case('ping, the last', request('GET', '/ping', b'', 'Connection: close')),
    case('ping with a body', request('GET', '/ping', b'unwanted')),
    case('status', request('GET', '/status')),
    case('status by HEAD', request('HEAD', '/status')),
    case('a request id', request('GET', '/ping', b'', 'X-Request-Id: mine')),
    case('another request id', request('GET', '/ping', b'', 'Request-Id: mine')),
    case('both request ids', request('GET', '/ping', b'', 'Request-Id: one', 'X-Request-Id: two')),
]

WRITES = [
    case('one line', write(GOOD)),
    case('a line without a time', write(b'm v=1')),
    case('no line end', write(GOOD.strip())),
    case('many lines', write(b''.join(b'many,t=%d v=%d %d\n' % (i, i, i) for i in range(500)))),
    case('all types', write(b'types f=1.5,i=2i,b=true,s="text \\" \\\\ ,= " 1700000000000000000')),
    case('escapes', write(b'a\\ b\\,c,k\\=\\ 1=v\\,\\ 2 f\\ 1=1 1700000000000000000')),
    case('a negative time', write(b'm,t=old v=1 -1')),
    case('unsorted tags', write(b'm,z=1,a=2 v=1 1700000000000000000')),
    case('comments and empty lines', write(b'# comment\n\n' + GOOD + b'\n# another\n')),
    case('only a comment', write(b'# comment\n')),
    case('only a line end', write(b'\n')),
    case('nothing', write(b'')),
    case('no database', write(GOOD, ''), differs=rejected(NO_DATABASE)),
    case('an unknown database and policy', write(GOOD, 'db=nope&rp=nope'), form({'q': 'DROP DATABASE nope'}),
         differs=rejected(UNKNOWN_DATABASE)),
    case('a field of another type', write(b'of,t=type v=true 1'), write(b'of,t=type v="text" 2'),
         differs=rejected(OTHER_TYPE)),
    case('the policy that is there', write(GOOD, 'db=w&rp=autogen')),
    case('another policy', write(GOOD, 'db=w&rp=two')),
    *(case(f'precision {name or "empty"}', write(b'p,u=%d v=1 1700000000' % number, f'db=w&precision={name}'))
      for number, name in enumerate(('', 'n', 'ns', 'u', 'us', 'ms', 's'))),
    *(case(f'precision {name}', write(b'p,u=%s v=1 28333' % name.encode(), f'db=w&precision={name}'))
      for name in ('m', 'h')),
    case('precision µ', write(b'p,u=micro v=1 1700000000', 'db=w&precision=%C2%B5')),
    case('precision that is none', write(b'p,u=none v=1 1700000000', 'db=w&precision=fortnight'),
         differs=rejected(BOGUS_PRECISION)),
    case('precision twice', write(b'p,u=twice v=1 1700000000', 'db=w&precision=s&precision=ms')),
    case('a time beyond all', write(b'p v=1 9223372036854775807', 'db=w&precision=s')),
    *(case(f'consistency {name or "empty"}', write(GOOD, f'db=w&consistency={name}'))
      for name in ('', 'any', 'one', 'quorum', 'all', 'ALL', 'most')),
    case('parameters that mean nothing', write(GOOD, 'db=w&org=o&bucket=b&x=%20&&=')),
    case('the first of two databases', write(GOOD, 'db=w&db=nope')),
    case('a database with odd characters', write(GOOD, 'db=%77')),
    case('a query that is broken', write(GOOD, 'db=w&x=%zz')),
]

BAD_LINES = [
    *(case(f'bad line: {line}', write(line.encode())) for line in (
        'bad', 'bad ', ' bad v=1', ',t=a v=1', 'm, v=1', 'm,t v=1', 'm,t= v=1', 'm,=a v=1', 'm,t=a', 'm,t=a,t=b v=1',
        'm,t=a=b v=1', 'm v', 'm v=', 'm =1', 'm v=1,', 'm v=1,w', 'm v="open', 'm v=x', 'm v=1x', 'm v=1.0i',
        'm v=9223372036854775808i', 'm v=1e', 'm v=1e400', 'm v=NaN', 'm v=inf', 'm v=0x10', 'm v=tRue', 'm v=+1',
        'm v=1 x', 'm v=1 1.5', 'm v=1 1 1', 'm v=1 -', 'm v=1 99999999999999999999', 'm v=1 9223372036854775807',
        '<m>&"x"')),
    case('a bare value', write(b'swap,host=h 0.85 1656472338'), strict=True),
    case('CRLF', write(b'm v=1 1\r\nm v=1\r\n'), strict=True),
    case('control characters', write(b'm\x07\t v=1 x\x00\n'), differs={'x-influxdb-error': TERMINALS}),
    case('bytes that are no UTF-8', write(b'caf\xe9 v=x')),
    case('a key as long as may be', write(b'm,t=%b v=1' % (b'x' * 65526))),
    case('a key that is too long', write(b'm,t=%b v=1' % (b'x' * 65527)), differs={'body': BOUNDED}),
    case('very many bad lines', write(b'bad\n' * 30), differs={'body': BOUNDED, 'x-influxdb-error': BOUNDED}),
    case('a good and a bad line', write(b'part,t=a v=1 1700000000000000000\nbad\n')),
    case('several bad lines between good ones',
         write(b'bad1\npart,t=b v=2 1700000000000000000\nbad2\npart,t=c v=3 1700000000000000000\nbad3 v')),
    case('only bad lines', write(b'bad1\nbad2\nbad3')),
    case('the good lines are there', ask('SELECT * FROM part', 'db=w')),
    case('lines in a form',
         write(GOOD, 'db=w', 'Content-Type: application/x-www-form-urlencoded')),
    case('lines as JSON', write(GOOD, 'db=w', 'Content-Type: application/json')),
    case('lines in a multipart form', multipart('/write?db=w', data='m v=1'), strict=True),
]

CODED = [
    case('gzip', write(ZIPPED, 'db=w', 'Content-Encoding: gzip')),
    case('gzip of several members', write(ZIPPED + ZIPPED, 'db=w', 'Content-Encoding: gzip')),
    case('gzip of a bad line', write(gzip.compress(b'bad'), 'db=w', 'Content-Encoding: gzip')),
    case('gzip of nothing', write(gzip.compress(b''), 'db=w', 'Content-Encoding: gzip')),
    case('gzip that is none', write(GOOD, 'db=w', 'Content-Encoding: gzip'),
         differs={'body': GZIP_TEXT, 'x-influxdb-error': GZIP_TEXT}),
    case('gzip cut short', write(ZIPPED[:-6], 'db=w', 'Content-Encoding: gzip'),
         differs={'body': GZIP_TEXT, 'x-influxdb-error': GZIP_TEXT}),
    case('gzip with a bad checksum', write(ZIPPED[:-8] + b'\0' * 8, 'db=w', 'Content-Encoding: gzip'),
         differs={'body': GZIP_TEXT, 'x-influxdb-error': GZIP_TEXT}),
    case('identity', write(GOOD, 'db=w', 'Content-Encoding: identity')),
    case('a reply that may be coded', write(GOOD, 'db=w', 'Accept-Encoding: gzip')),
    case('a body that is too large', write(GOOD * (BODY_SIZE_MAX // len(GOOD) + 1)),
         differs={'stays open': LEFTOVER}),
    case('a body as large as may be', write(b'large s="' + b'x' * (BODY_SIZE_MAX - 10) + b'"')),
    case('a chunked body', raw(
        b'POST /write?db=w HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
        b'5\r\nk v=1\r\n4;x=y\r\n\nl v\r\n2\r\n=1\r\n0\r\nTrailer: x\r\n\r\n', 'POST')),
    case('a chunked body that is too large', raw(
        b'POST /write?db=w HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n' %
        (BODY_SIZE_MAX + 7, b'm v=1\n' * ((BODY_SIZE_MAX + 7) // 6) + b'\n' * ((BODY_SIZE_MAX + 7) % 6)), 'POST')),
    case('an empty chunked body', raw(
        b'POST /write?db=w HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 'POST')),
]

CREDENTIALS = [
    *(case(f'credentials: {what}', write(GOOD, query, *headers)) for what, query, headers in (
        ('u and p', 'db=w&u=someone&p=secret', ()),
        ('a wrong p', 'db=w&u=someone&p=wrong', ()),
        ('u alone', 'db=w&u=nobody', ()),
        ('Basic', 'db=w', ('Authorization: Basic c29tZW9uZTpzZWNyZXQ=',)),
        ('broken Basic', 'db=w', ('Authorization: Basic !!!',)),
        ('Token', 'db=w', ('Authorization: Token someone:secret',)),
        ('a 2.x Token', 'db=w', ('Authorization: Token abcdef==',)),
        ('Bearer', 'db=w', ('Authorization: Bearer a.b.c',)),
        ('an empty one', 'db=w', ('Authorization:',)),
        ('Digest', 'db=w', ('Authorization: Digest username="x"',)))),
    case('credentials of a query', ask('SHOW DATABASES', 'u=nobody&p=wrong', 'Authorization: Basic eDp5')),
    case('credentials in a form', form({'q': 'SHOW DATABASES', 'u': 'nobody', 'p': 'wrong'})),
]

METHODS = [
    *(case(f'{method} of a write', request(method, '/write?db=w'), differs=UNROUTED)
      for method in ('GET', 'PUT', 'DELETE', 'PATCH')),
    case('HEAD of a write', request('HEAD', '/write?db=w'), differs=UNROUTED_HEAD),
    case('OPTIONS of a write', request('OPTIONS', '/write'), differs={'allow': ALLOW}),
    case('OPTIONS of a query', request('OPTIONS', '/query'), differs={'allow': ALLOW}),
    *(case(f'preflight of {path}', request('OPTIONS', path, b'', 'Origin: http://page.example',
                                          'Access-Control-Request-Method: POST',
                                          'Access-Control-Request-Headers: content-type'), differs={'allow': ALLOW})
      for path in ('/write?db=w', '/query')),
    case('a write with an Origin', write(GOOD, 'db=w', 'Origin: http://page.example')),
    case('a bad write with an Origin', write(b'bad', 'db=w', 'Origin: null')),
    case('a query with an Origin', ask('SHOW DATABASES', '', 'Origin: http://page.example')),
    *(case(f'{method} of a query', request(method, '/query?q=SHOW+DATABASES'), differs={**UNROUTED, 'allow': ALLOW})
      for method in ('PUT', 'DELETE')),
    case('HEAD of a query', request('HEAD', '/query?q=SHOW+DATABASES'),
         differs={'status': HEAD, 'allow': HEAD, 'content-type': HEAD, 'request-id': ROUTES, 'x-request-id': ROUTES}),
    case('an unknown method', request('FROB', '/write?db=w'), differs=UNROUTED),
]

PATHS = [
    *(case(f'path {path}', request('GET', path), differs=UNROUTED)
      for path in ('/nope', '/writer', '/Ping', '/ping/nope', '/query.json', '/api/v2', '/%20')),
    case('a POST to an unknown path', request('POST', '/nope', GOOD), differs=UNROUTED),
    case('OPTIONS of an unknown path', request('OPTIONS', '/nope'), differs=UNROUTED),
    case('an unknown path with an Origin', request('GET', '/nope', b'', 'Origin: http://page.example'),
         differs=UNROUTED),
    case('an escaped path', request('POST', '/%77rite?db=w', GOOD), differs=UNROUTED),
    case('an absolute target', request('GET', 'http://a/ping')),
    case('a long URL', write(GOOD, 'db=w&x=' + 'y' * 30_000)),
    case('a long header', write(GOOD, 'db=w', 'X-Long: ' + 'y' * 30_000)),
]

HTTP = [
    case('HTTP/1.0', write(GOOD, version='1.0')),
    case('HTTP/1.0, kept', write(GOOD, 'db=w', 'Connection: keep-alive', version='1.0')),
    case('HTTP/1.0, an error', write(b'bad', version='1.0')),
    case('HTTP/1.0 query', request('GET', '/query?q=SHOW+DATABASES', version='1.0')),
    case('the last request', write(GOOD, 'db=w', 'Connection: close')),
    case('the last request, an error', write(b'bad', 'db=w', 'connection: Close')),
    case('header names in any case', raw(
        b'POST /write?db=w HTTP/1.1\r\nhOST: a\r\ncONTENT-lENGTH: %d\r\nCONTENT-ENCODING: gzip\r\n\r\n%b' %
        (len(ZIPPED), ZIPPED), 'POST')),
    case('one after the other', write(GOOD), request('GET', '/ping'), write(b'bad'), ask('SHOW DATABASES', '')),
    case('pipelined', Step(b''.join(step.data for step in (write(GOOD), request('GET', '/ping'), write(b'bad'),
                                                           ask('SHOW DATABASES', ''))),
                           ['POST', 'GET', 'POST', 'GET'])),
    case('100-continue', raw(b'POST /write?db=w HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n'
                             b'Expect: 100-continue\r\n\r\n', 'POST'), raw(b'm v=1', 'POST')),
    case('100-continue of too much', raw(b'POST /write?db=w HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n'
                                         b'Expect: 100-continue\r\n\r\n', 'POST')),
    case('another expectation', write(GOOD, 'db=w', 'Expect: miracles'),
         differs={**UNROUTED, 'x-influxdb-version': GO_REFUSALS, 'x-influxdb-build': GO_REFUSALS, 'stays open': REUSE}),
    case('an unknown transfer coding', raw(b'POST /write?db=w HTTP/1.1\r\nHost: a\r\n'
                                           b'Transfer-Encoding: gzip\r\n\r\n', 'POST'), differs=REFUSED),
    case('two lengths', write(GOOD, 'db=w', 'Content-Length: 7'), differs=REFUSED),
    case('a length that is none', raw(b'POST /write?db=w HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n', 'POST'),
         differs=REFUSED),
    case('no HTTP', raw(b'nonsense\r\n\r\n'), differs=REFUSED),
    case('HTTP/2.0', raw(b'GET /ping HTTP/2.0\r\nHost: a\r\n\r\n'), differs=REFUSED),
    case('two hosts', raw(b'GET /ping HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'), differs=REFUSED),
    case('a blank before the colon', raw(b'GET /ping HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n'), differs=REFUSED),
    case('bare line ends', raw(b'GET /ping HTTP/1.1\nHost: a\n\n')),
]

READS = ('SHOW DATABASES', 'SHOW RETENTION POLICIES', 'SHOW RETENTION POLICIES ON w', 'SHOW MEASUREMENTS',
         'SHOW TAG KEYS', 'SHOW TAG KEYS FROM mem', 'SHOW TAG VALUES WITH KEY = host',
         'SHOW TAG VALUES FROM mem WITH KEY IN (host, t)',
         'SHOW FIELD KEYS', 'SHOW FIELD KEYS FROM cpu', 'SHOW SERIES', "SHOW SERIES FROM cpu WHERE host = 'a'",
         'SHOW SERIES CARDINALITY', 'SHOW SERIES EXACT CARDINALITY', "SHOW SERIES CARDINALITY WHERE host = 'a'",
         'SHOW SERIES CARDINALITY FROM nope', 'SHOW SERIES CARDINALITY ON nope',
         'SHOW SERIES EXACT CARDINALITY LIMIT 1', 'SHOW SERIES EXACT CARDINALITY OFFSET 1',
         'SHOW SERIES CARDINALITY WHERE time > 0',
         'SHOW MEASUREMENT CARDINALITY', 'SHOW MEASUREMENT EXACT CARDINALITY', 'SHOW MEASUREMENT CARDINALITY FROM cpu',
         "SHOW MEASUREMENT EXACT CARDINALITY WHERE host = 'nope'", 'SHOW MEASUREMENT CARDINALITY ON nope',
         'SHOW MEASUREMENT EXACT CARDINALITY ON nope', 'SHOW TAG KEY CARDINALITY',
         'SHOW TAG KEY EXACT CARDINALITY FROM mem', "SHOW TAG KEY CARDINALITY WHERE host = 'a'",
         'SHOW TAG KEY CARDINALITY WHERE time > 0', 'SHOW FIELD KEY CARDINALITY',
         "SHOW FIELD KEY EXACT CARDINALITY FROM cpu WHERE host = 'b'", 'SHOW FIELD KEY CARDINALITY WHERE time > 0',
         'SHOW TAG VALUES CARDINALITY WITH KEY = host', 'SHOW TAG VALUES EXACT CARDINALITY WITH KEY =~ /./',
         'SHOW TAG VALUES CARDINALITY FROM mem WITH KEY IN (host, t)', 'SHOW TAG VALUES CARDINALITY WITH KEY = nope',
         'SHOW TAG VALUES CARDINALITY WITH KEY = host WHERE time > 0', 'SHOW USERS',
         'SHOW GRANTS FOR someone', 'SHOW CONTINUOUS QUERIES ON d1', 'SHOW SUBSCRIPTIONS',
         'SELECT * FROM cpu', 'SELECT usage FROM cpu', 'SELECT usage AS u, idle FROM cpu LIMIT 1',
         "SELECT * FROM cpu WHERE host = 'b'", "SELECT * FROM cpu WHERE host = 'b' AND region = 'us'",
         'SELECT * FROM mem', 'SELECT * FROM nope', 'SELECT nope FROM cpu', 'SELECT * FROM cpu ORDER BY time DESC',
         'SHOW DATABASES; SHOW USERS; SELECT * FROM cpu', 'SHOW TAG KEYS ON nope', 'SHOW MEASUREMENTS ON nope')
ERRORS = ('BOGUS', 'SELECT', 'SELECT * FROM', 'SHOW', 'SHOW TAG VALUES', 'CREATE DATABASE', 'DROP',
          'SELECT * FROM cpu WHERE', "SELECT * FROM cpu WHERE host = 'open", 'SHOW DATABASES; BOGUS',
          'SELECT * FROM cpu LIMIT x', '<&>')
CHANGES = ('CREATE DATABASE made', 'CREATE DATABASE made', 'CREATE DATABASE "odd name" WITH DURATION 3d',
           'CREATE RETENTION POLICY short ON made DURATION 1d REPLICATION 1 DEFAULT',
           'CREATE RETENTION POLICY short ON made DURATION 2d REPLICATION 1',
           'ALTER RETENTION POLICY short ON made DURATION 2d', 'SHOW RETENTION POLICIES ON made',
           'ALTER RETENTION POLICY nope ON made DURATION 2d', 'DROP RETENTION POLICY short ON made',
           'SHOW RETENTION POLICIES ON made', "CREATE USER writer WITH PASSWORD 'x' WITH ALL PRIVILEGES",
           "SET PASSWORD FOR writer = 'y'", 'GRANT READ ON made TO writer', 'REVOKE ALL PRIVILEGES FROM writer',
           'SHOW USERS', 'DROP USER writer', 'DROP USER writer', 'DROP DATABASE made', 'DROP DATABASE made',
           'DROP DATABASE "odd name"', 'SHOW DATABASES')

# (query, params)
BOUND = (
    ('SELECT * FROM cpu WHERE host = $h', '{"h":"a"}'), ('SELECT * FROM cpu WHERE $h = host', '{"h":"b","x":null}'),
    ('SELECT * FROM cpu WHERE host = $"h x"', '{"h x":"b"}'), ('SELECT * FROM cpu WHERE host = $h', ''),
    ('SELECT * FROM cpu WHERE host = $h', '{"H":"a"}'), ('SELECT * FROM cpu WHERE host = $', '{"h":"a"}'),
    *(('SELECT * FROM cpu WHERE host = $h', '{"h":%s}' % value) for value in (
        '1', '-1', '1.5', 'true', 'null', '[1]', '{}', '{"string":"a"}', '{"foo":"a"}', '{"string":1}',
        '{"identifier":1}', '{"regex":1}', '{"duration":"10s"}', '{"duration":"x"}', '{"duration":5}',
        '{"duration":true}', '9223372036854775808')),
    ('SELECT * FROM cpu WHERE host =~ $h', '{"h":{"regex":"a|b"}}'),
    ('SELECT * FROM cpu WHERE host =~ $h', '{"h":"a"}'),
    ('SELECT * FROM $m', '{"m":{"identifier":"cpu"}}'), ('SELECT * FROM $m', '{"m":{"regex":"c.u"}}'),
    ('SELECT * FROM $m', '{"m":"cpu"}'), ('SELECT * FROM $m', '{"m":null}'),
    ('SELECT $f FROM cpu', '{"f":{"ident":"usage"}}'), ('SELECT $f FROM cpu', '{"f":"usage"}'),
    ('SELECT * FROM cpu LIMIT $n', '{"n":1}'), ('SELECT * FROM cpu LIMIT $n', '{"n":1.5}'),
    ('SELECT * FROM cpu LIMIT $n', ''), ('SHOW TAG VALUES WITH KEY = $k', '{"k":{"identifier":"host"}}'),
    ('SHOW TAG VALUES WITH KEY = $k', '{"k":"host"}'),
    *(('SHOW DATABASES', params) for params in ('null', '[]', '"x"', '1', 'true')))

QUERIES = [
    *(case(f'bound: {q} {params}', ask(q, 'db=d1&params=' + urllib.parse.quote(params))) for q, params in BOUND),
    case('bound in a form', form({'q': 'SELECT * FROM cpu WHERE host = $h', 'params': '{"h":"a"}'}, 'db=d1')),
    case('bound in a multipart form',
         multipart('/query?db=d1', q='SELECT * FROM cpu WHERE host = $h', params='{"h":"a"}')),
    case('a change by GET of a bound name', ask('CREATE DATABASE $m', 'params={"m":{"ident":"z"}}'),
         differs={'body': UNBOUND}),
    case('parameters that are no JSON', ask('SHOW DATABASES', 'params=%7B'),
         differs={'body': JSON_TEXT, 'x-influxdb-error': JSON_TEXT}),
    *(case(f'query: {q}', ask(q)) for q in READS + ERRORS),
    *(case(f'change {number}: {q}', form({'q': q, 'db': 'd1'})) for number, q in enumerate(CHANGES)),
    case('a change by GET', ask('CREATE DATABASE z', '')),
    case('no query', request('GET', '/query?db=d1')),
    case('an empty query', request('GET', '/query?db=d1&q=')),
    case('no query by POST', request('POST', '/query')),
    case('a query of blanks', request('GET', '/query?q=%20%20')),
    case('a query of no database', ask('SELECT * FROM cpu', '')),
    case('a query of an unknown database', ask('SELECT * FROM cpu', 'db=nope')),
    *(case(f'epoch {name}', ask('SELECT * FROM mem', f'db=d1&epoch={name}'))
      for name in ('', 'ns', 'u', 'ms', 's', 'm', 'h', 'fortnight')),
    case('pretty', ask('SHOW TAG KEYS', 'db=d1&pretty=true')),
    case('pretty, an error', ask('BOGUS', 'pretty=true')),
    case('chunked', ask('SELECT * FROM cpu; SHOW DATABASES', 'db=d1&chunked=true&chunk_size=1')),
    case('chunked, as large as usual', ask('SELECT * FROM cpu', 'db=d1&chunked=true')),
    *(case(f'Accept {accept}', ask('SELECT * FROM cpu; SHOW DATABASES', 'db=d1', f'Accept: {accept}'))
      for accept in ('application/csv', 'text/csv', 'application/json', '*/*', 'text/html')),
    case('an error as CSV', ask('BOGUS', '', 'Accept: text/csv')),
    case('a form', form({'q': 'SHOW DATABASES'})),
    case('a form with a database', form({'q': 'SELECT * FROM cpu', 'db': 'd1', 'epoch': 's'})),
    case('a form and the URL', form({'q': 'SHOW DATABASES'}, 'q=SHOW+USERS&db=d1')),
    case('pretty in a form', form({'q': 'SHOW DATABASES', 'pretty': 'true'})),
    case('a multipart form', multipart('/query', q='SHOW DATABASES')),
    case('a multipart form with a database', multipart('/query?epoch=s', q='SELECT * FROM cpu', db='d1')),
    case('POST with the query in the URL', request('POST', '/query?q=SHOW+DATABASES')),
    case('another type', request('POST', '/query?q=SHOW+DATABASES', b'q=SHOW+USERS', 'Content-Type: text/plain')),
    case('a GET with a form', request('GET', '/query?q=SHOW+DATABASES', b'q=SHOW+USERS',
                                      'Content-Type: application/x-www-form-urlencoded')),
    case('a reply to a query that may be coded', ask('SHOW DATABASES', '', 'Accept-Encoding: gzip, deflate'),
         differs={'content-encoding': UNCODED}),
    case('a query that is percent-encoded all over',
         request('GET', '/query?q=' + ''.join(f'%{ord(c):02x}' for c in 'SHOW DATABASES'))),
]

EXTENSIONS = [
    *(Extension(f'{sent.methods[0]} {path}', sent, statuses, reason) for path, sent, statuses, reason in (
        ('/ping', request('POST', '/ping'), (405, 200), '3.x has it, and clients of it ask so'),
        ('/ping', request('OPTIONS', '/ping'), (405, 200), 'every path of fluxgate takes OPTIONS'),
        ('/health', request('GET', '/health'), (404, 200), '1.8'),
        ('/api/v2/write', request('POST', '/api/v2/write?bucket=w', GOOD), (404, 204), '1.8 and 2.x'),
        ('//influx//write/', request('POST', '//influx//write/?db=w', GOOD), (404, 204),
         'old writers and reverse proxies send doubled slashes, slashes at the end and prefixes'),
        ('/%zz', request('GET', '/%zz'), (400, 404), 'fluxgate decodes no paths'))),
    Extension('a policy that nobody created', write(GOOD, 'db=w&rp=nope'), (500, 204), UNKNOWN_DATABASE),
    Extension('deflate', write(zlib.compress(GOOD), 'db=w', 'Content-Encoding: deflate'), (400, 204),
              'fluxgate knows more codings; InfluxDB reads the coded bytes as lines'),
    Extension('an unknown coding', write(GOOD, 'db=w', 'Content-Encoding: rot13'), (204, 415),
              'coded bytes are no lines, even if they may look like some'),
    Extension('gzip of no bytes', write(b'', 'db=w', 'Content-Encoding: gzip'), (400, 204), 'it is an empty batch'),
    Extension('empty lines in front of a request', raw(b'\r\nGET /ping HTTP/1.1\r\nHost: a\r\n\r\n'), (400, 204),
              'RFC 9112 has servers pass over them'),
    Extension('chunks in HTTP/1.0', raw(b'POST /write?db=w HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n'
                                        b'5\r\nm v=1\r\n0\r\n\r\n', 'POST'), (204, 400),
              'InfluxDB takes an empty body, and the chunks for the next request'),
    Extension('an unsigned integer', write(b'unsigned v=1u'), (400, 204), '2.x writers send them'),
    Extension('a bare value', write(b'bare,host=h 0.85 1656472338'), (400, 204), 'old scripts send them'),
    Extension('CRLF', write(b'crlf v=1\r\n'), (400, 204), 'clients on Windows send them'),
    Extension('text behind a closing quote', write(b'quoted v="a"b'), (204, 400), 'InfluxDB stores another text'),
    Extension('a comment with a quote', write(b'# c a="\ncomment v=1 x'), (204, 400),
              'InfluxDB reads the comment to the next quote, over lines'),
]

CASES = PING + WRITES + BAD_LINES + CODED + CREDENTIALS + METHODS + PATHS + HTTP + QUERIES


def same_json(text):
    """What both sides may write in other bytes: documents of JSON one after the other, or None."""
    try:
        return [json.loads(line) for line in text.splitlines()] if text.strip() else None
    except ValueError:
        return None
