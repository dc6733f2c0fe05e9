"""aioinflux_python.py PORT: writes the points on standard input with python3-aioinflux, and reads them back."""
import asyncio
import json
import sys

import aioinflux


async def main(port, points):
    async with aioinflux.InfluxDBClient('127.0.0.1', port, db='aioinflux', username='user',
                                        password='secret') as client:
        assert (await client.ping())['X-Influxdb-Version'].startswith('1.')
        await client.create_database()
        databases = await client.show_databases()
        assert ['aioinflux'] in databases['results'][0]['series'][0]['values'], databases
        assert await client.write(points)
        for point in points:
            writer = point['tags']['writer']
            answer = await client.query(f'SELECT * FROM {point["measurement"]} WHERE writer = \'{writer}\'')
            series, = answer['results'][0]['series']
            row = dict(zip(series['columns'], series['values'][0]))
            assert {key: row[key] for key in point['fields']} == point['fields'], answer
        try:
            await client.write('broken')
            raise AssertionError('a broken line was taken')
        except aioinflux.InfluxDBWriteError as error:
            assert error.status == 400 and 'missing fields' in str(error), error


asyncio.run(main(int(sys.argv[1]), json.load(sys.stdin)))
