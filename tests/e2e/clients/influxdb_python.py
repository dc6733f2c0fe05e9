"""influxdb_python.py PORT: writes the points on standard input with python3-influxdb, and reads them back."""
import json
import sys

import influxdb

points = json.load(sys.stdin)
client = influxdb.InfluxDBClient('127.0.0.1', int(sys.argv[1]), 'user', 'secret', 'influxdb-python', timeout=60,
                                 gzip=True)
assert client.ping().startswith('1.'), client.ping()
client.create_database('influxdb-python')
client.create_retention_policy('a week', '7d', '1', default=True)
assert {'name': 'influxdb-python'} in client.get_list_database(), client.get_list_database()
assert 'a week' in [policy['name'] for policy in client.get_list_retention_policies()]
assert client.write_points(points)
for point in points:
    answer = client.query(f'SELECT * FROM {point["measurement"]}').get_points(tags=point['tags'])
    row, = [{key: row[key] for key in point['fields']} for row in answer]
    assert row == point['fields'], row
try:
    client.write('broken', {'db': 'influxdb-python'}, protocol='line')
    raise AssertionError('a broken line was taken')
except influxdb.exceptions.InfluxDBClientError as error:
    assert error.code == 400 and 'missing fields' in str(error), error
client.close()
