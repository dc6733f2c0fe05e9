// influxdb_client_js.js PORT: writes the points on standard input with npm's @influxdata/influxdb-client,
// a client of InfluxDB 2.x.
'use strict'
const assert = require('assert')
const fs = require('fs')
const {InfluxDB, Point} = require('@influxdata/influxdb-client')
const {BucketsAPI, HealthAPI, OrgsAPI, PingAPI, ReadyAPI, SetupAPI} = require('@influxdata/influxdb-client-apis')

const BUCKET = 'javascript'

async function makeBucket(client) {
  const {orgs: [org]} = await new OrgsAPI(client).getOrgs({org: 'home'})
  const buckets = new BucketsAPI(client)
  const made = await buckets.postBuckets({body: {orgID: org.id, name: BUCKET, retentionRules: []}})
  const {buckets: [found]} = await buckets.getBuckets({orgID: org.id, name: BUCKET})
  assert.strictEqual(found.id, made.id)
}

function pointOf({measurement, tags, fields}) {
  const point = new Point(measurement)
  Object.entries(tags).forEach(([key, value]) => point.tag(key, value))
  for (const [key, value] of Object.entries(fields)) {
    Number.isInteger(value) ? point.intField(key, value) : point.floatField(key, value)
  }
  return point
}

// The points as a batch whose body is gzip when it has more bytes than the threshold.
async function write(client, points, gzipThreshold) {
  let written = 0
  const writer = client.getWriteApi('home', BUCKET, 'ns', {
    gzipThreshold, maxRetries: 0,
    writeFailed: error => { throw error },
    writeSuccess: lines => { written += lines.length }
  })
  writer.writePoints(points.map(pointOf))
  await writer.close()
  assert.strictEqual(written, points.length)
}

async function main(port, points) {
  const client = new InfluxDB({url: `http://127.0.0.1:${port}`, token: 'secret', timeout: 60000})
  await new PingAPI(client).getPing()
  assert.strictEqual((await new HealthAPI(client).getHealth()).status, 'pass')
  assert.strictEqual((await new ReadyAPI(client).getReady()).status, 'ready')
  assert.strictEqual((await new SetupAPI(client).getSetup()).allowed, false)
  await makeBucket(client)
  await write(client, points, 1 << 20)
  await write(client, points, 0)
  const rows = await client.getQueryApi('home').collectRows(`from(bucket: "${BUCKET}") |> range(start: -1h)`)
  assert.deepStrictEqual(rows, [])  // any Flux query has an empty result
}

main(Number(process.argv[2]), JSON.parse(fs.readFileSync(0))).catch(error => {
  console.error(error)
  process.exitCode = 1
})
