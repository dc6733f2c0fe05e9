"""Line protocol as nobody should send it: half well formed with wild bytes in every place, half anything at all."""

NASTY = [b'\x00', b'\r', b'\t', b'\x0b', b'\x1f', b'\x7f', b'\x80', b'\xa0', b'\xff', b'\xc3', b'\xed\xa0\x80', b'\xf4\x90\x80\x80',
         b'\xc0\x80', b'\xe2\x80\xa8', b'\xe2\x80\xa9', b'\xc2\x85', b'\xef\xbb\xbf', b'\xef\xbf\xbf', b'\xf0\x9f\x92\xa3',
         b'"', b'\\', b'\\"', b'\\n', b'\\\\', b"'", b'{', b'}', b'#', b'# EOF', b' # {', b'=', b',', b' ', b'$', b':', b'__',
         b'-', b'.', b'_', b'0', b'9', b'a', b'Z', 'é'.encode(), '°C'.encode(), 'µ'.encode(), '日本'.encode(), b'le', b'quantile',
         b'_total', b'_created', b'_bucket', b'_count', b'_sum', b'_info', b'__name__', b'job', b'instance', b'+Inf', b'NaN']
NAMES = [b'__name__', b'__x', b'--y', b'le', b'quantile', b'job', b'instance', b'9lives', b':', b'_', b'a:b', b'\x00', b'# HELP',
         b'influxdb_exporter_build_info', b'influxdb_last_push_timestamp_seconds', b'influxdb_udp_parse_errors_total',
         b'influxdb_udp_parse_errors', b'influxdb_udp_parse_errors_created', b'cpu_total',
         b'cpu', b'cpu_created', b'cpu_bucket', b'cpu_info', b'fluxgate_build_info', b'process_cpu_seconds_total']
NUMBERS = [b'0', b'-0', b'1', b'1.', b'.5', b'1e300', b'-1e-320', b'1e-400', b'9223372036854775807i', b'-9223372036854775808i',
           b'18446744073709551615u', b't', b'False', b'123456.789', b'1e21', b'0.000001', b'00012']
NOT_NUMBERS = [b'"text"', b'"a\nb"', b'NaN', b'1e400', b'+1', b'0x1', b'"open', b'"a"b', b'', b'1 2 3']


def _escaped(text, marks):
    for mark in marks:
        text = text.replace(mark, b'\\' + mark)
    return text


def _wild(random, size):
    if random.random() < 0.3:
        return bytes(random.randrange(256) for _ in range(random.randint(1, size))).replace(b'\n', b'')
    return b''.join(random.choice(NASTY) for _ in range(random.randint(1, size)))


def _name(random, marks):
    name = random.choice(NAMES) if random.random() < 0.2 else _wild(random, 4)
    return _escaped(name, marks)


def _line(random):
    marks = [b',', b' ', b'=']
    parts = [_name(random, [b',', b' '])]
    for _ in range(random.choice([0, 1, 1, 2, 5])):
        parts.append(_name(random, marks) + b'=' + _escaped(_wild(random, random.choice([3, 3, 3, 40])), marks))
    fields = {}
    for _ in range(random.choice([1, 1, 2, 4])):
        key = b'value' if random.random() < 0.3 else _name(random, marks + [b'"'])
        fields[key] = random.choice(NUMBERS if random.random() < 0.95 else NOT_NUMBERS)
    time = random.choice([b'', b'', b'', b'', b' 9223372036854775806', b' 4000000000000000000', b' x'])
    return b','.join(parts) + b' ' + b','.join(key + b'=' + value for key, value in fields.items()) + time


def hostile_lines(random, count):
    """`count` lines, of which about half are good; the same for the same state of `random`."""
    lines = []
    for _ in range(count):
        lines.append(_line(random) if random.random() < 0.9 else _wild(random, 30))
    return b'\n'.join(lines) + b'\n'
