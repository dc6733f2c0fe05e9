// go_client PORT UDP_PORT: writes the points on standard input with the Go clients for InfluxDB 1.x of
// golang-github-influxdata-influxdb1-client-dev: client/v2 over HTTP and UDP, and the first client, which cAdvisor has.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/url"
	"os"
	"time"

	first "github.com/influxdata/influxdb1-client"
	client "github.com/influxdata/influxdb1-client/v2"
)

type point struct {
	Measurement string
	Tags        map[string]string
	Fields      map[string]interface{}
}

func check(err error) {
	if err != nil {
		log.Panic(err)
	}
}

func checkThat(holds bool, found interface{}) {
	if !holds {
		log.Panicf("unexpected: %v", found)
	}
}

// tagged returns the point's tags with one that says which client wrote it.
func (p point) tagged(way string) map[string]string {
	tags := map[string]string{"way": way}
	for key, value := range p.Tags {
		tags[key] = value
	}
	return tags
}

func query(c client.Client, command string) []client.Result {
	response, err := c.Query(client.NewQuery(command, "go", "ns"))
	check(err)
	check(response.Error())
	return response.Results
}

func writeBatch(c client.Client, points []point, way string) {
	batch, err := client.NewBatchPoints(client.BatchPointsConfig{Database: "go", Precision: "us"})
	check(err)
	for _, p := range points {
		made, err := client.NewPoint(p.Measurement, p.tagged(way), p.Fields, time.Now())
		check(err)
		batch.AddPoint(made)
	}
	check(c.Write(batch))
}

func readBack(c client.Client, points []point, way string) {
	for _, p := range points {
		results := query(c, fmt.Sprintf("SELECT * FROM %s WHERE way = '%s'", p.Measurement, way))
		checkThat(len(results) == 1 && len(results[0].Series) == 1, results)
		series := results[0].Series[0]
		for number, column := range series.Columns {
			if wanted, isField := p.Fields[column]; isField {
				found, err := series.Values[0][number].(json.Number).Float64()
				check(err)
				checkThat(found == wanted, series)
			}
		}
	}
}

func overHTTP(address string, points []point, way string, encoding client.ContentEncoding) {
	c, err := client.NewHTTPClient(client.HTTPConfig{Addr: address, Username: "user", Password: "secret",
		Timeout: time.Minute, WriteEncoding: encoding})
	check(err)
	_, version, err := c.Ping(time.Minute)
	check(err)
	checkThat(version[:2] == "1.", version)
	query(c, "CREATE DATABASE go")
	checkThat(len(query(c, "SHOW DATABASES")[0].Series[0].Values) > 0, "no database")
	writeBatch(c, points, way)
	readBack(c, points, way)
	chunks, err := c.QueryAsChunk(client.Query{Command: "SELECT * FROM " + points[0].Measurement, Database: "go",
		Chunked: true, ChunkSize: 1})
	check(err)
	chunk, err := chunks.NextResponse()
	check(err)
	check(chunk.Error())
	check(chunks.Close())
	check(c.Close())
}

func overUDP(address string, points []point) {
	c, err := client.NewUDPClient(client.UDPConfig{Addr: address})
	check(err)
	writeBatch(c, points, "udp")
	check(c.Close())
}

func withFirstClient(address string, points []point) {
	base, err := url.Parse(address)
	check(err)
	c, err := first.NewClient(first.Config{URL: *base, Username: "user", Password: "secret"})
	check(err)
	_, version, err := c.Ping()
	check(err)
	checkThat(version[:2] == "1.", version)
	batch := first.BatchPoints{Database: "go", RetentionPolicy: "autogen", WriteConsistency: "any"}
	for _, p := range points {
		batch.Points = append(batch.Points, first.Point{Measurement: p.Measurement, Tags: p.tagged("first"),
			Fields: p.Fields})
	}
	_, err = c.Write(batch)
	check(err)
	_, err = c.WriteLineProtocol("broken", "go", "", "", "")
	checkThat(err != nil, "a broken line was taken")
}

func main() {
	var points []point
	check(json.NewDecoder(os.Stdin).Decode(&points))
	address := "http://127.0.0.1:" + os.Args[1]
	overHTTP(address, points, "http", client.DefaultEncoding)
	overHTTP(address, points, "gzip", client.GzipEncoding)
	overUDP("127.0.0.1:"+os.Args[2], points)
	withFirstClient(address, points)
}
