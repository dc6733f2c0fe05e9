// node_influx.js PORT: writes the points on standard input with npm's influx, and reads them back.
'use strict'
const assert = require('assert')
const fs = require('fs')
const Influx = require('influx')

async function main(port, points) {
  const client = new Influx.InfluxDB({
    host: '127.0.0.1', port, database: 'node-influx', username: 'user', password: 'secret'
  })
  const [host] = await client.ping(60000)
  assert(host.online, 'not online')
  assert.match(host.version, /^1\./)
  await client.createDatabase('node-influx')
  await client.createRetentionPolicy('week', {database: 'node-influx', duration: '7d', replication: 1, isDefault: true})
  assert((await client.getDatabaseNames()).includes('node-influx'))
  assert((await client.showRetentionPolicies('node-influx')).some(policy => policy.name === 'week'))
  await client.writePoints(points)
  const measurements = await client.getMeasurements()
  for (const {measurement, tags, fields} of points) {
    assert(measurements.includes(measurement), measurement)
    const writer = Influx.escape.stringLit(tags.writer)
    const rows = await client.query(`SELECT * FROM ${measurement} WHERE writer = ${writer}`)
    assert.strictEqual(rows.length, 1)
    for (const [key, value] of Object.entries(fields)) {
      assert.strictEqual(rows[0][key], value)
    }
    assert(rows[0].time instanceof Date && rows[0].time.getNanoTime)
  }
  await assert.rejects(client.query('SELECT'), /error parsing query/)
}

main(Number(process.argv[2]), JSON.parse(fs.readFileSync(0))).catch(error => {
  console.error(error)
  process.exitCode = 1
})
