# ruby_influxdb.rb PORT: writes the points on standard input with ruby-influxdb, and reads them back.
require 'json'
require 'influxdb'

def check(what, found)
  raise "#{what}: #{found.inspect}" unless yield found
end

points = JSON.parse($stdin.read, symbolize_names: true)
InfluxDB::Logging.logger = false
client = InfluxDB::Client.new('ruby', host: '127.0.0.1', port: ARGV[0].to_i, username: 'user', password: 'secret',
                                      retry: 0)
check('version', client.version) { |version| version.start_with?('1.') }
client.create_database
client.create_retention_policy('week', 'ruby', '7d', 1, true)
check('databases', client.list_databases) { |found| found.include?('name' => 'ruby') }
check('policies', client.list_retention_policies('ruby')) { |found| found.any? { |one| one['name'] == 'week' } }
client.write_points(points.map { |point| { series: point[:measurement], tags: point[:tags], values: point[:fields] } })
check('measurements', client.list_measurements) { |found| (points.map { |point| point[:measurement] } - found).empty? }
points.each do |point|
  answer = client.query("SELECT * FROM #{point[:measurement]} WHERE writer = %{writer}",
                        params: { writer: point[:tags][:writer] })
  check('what was written', answer) do |series|
    series.size == 1 && point[:fields].all? { |key, value| series[0]['values'][0][key.to_s] == value }
  end
end
begin
  client.write('broken', nil)
  raise 'a broken line was taken'
rescue InfluxDB::Error => e
  check('the error of a broken line', e.message) { |text| text.include?('missing fields') }
end
