# line_protocol.pl PORT: writes the points on standard input as lines of InfluxDB::LineProtocol, sent by LWP.
use strict;
use warnings;
use HTTP::Request::Common qw(GET HEAD POST);
use InfluxDB::LineProtocol qw(data2line);
use JSON::PP qw(decode_json);
use LWP::UserAgent;
use URI;

my $agent = LWP::UserAgent->new(timeout => 60, keep_alive => 1);

sub url {
    my ($path, %query) = @_;
    my $url = URI->new("http://127.0.0.1:$ARGV[0]$path");
    $url->query_form(%query);
    return $url;
}

sub ask {
    my ($wanted, $request) = @_;
    my $reply = $agent->request($request);
    die $request->uri . ': ' . $reply->status_line . ': ' . $reply->content unless $reply->code == $wanted;
    return $reply;
}

my $points = decode_json(do { local $/; <STDIN> });
ask(204, HEAD(url('/ping')))->header('X-Influxdb-Version') =~ /^1\./ or die 'no version';
ask(200, POST(url('/query'), [q => 'CREATE DATABASE perl']));
my @lines = map { data2line(@$_{qw(measurement fields tags)}) } @$points;
ask(204, POST(url('/write', db => 'perl', precision => 'ns'), Content => join("\n", @lines)));
for my $point (@$points) {
    my $query = "SELECT * FROM $point->{measurement} WHERE writer = '$point->{tags}{writer}'";
    my $answer = ask(200, GET(url('/query', db => 'perl', q => $query)))->content;
    my $series = decode_json($answer)->{results}[0]{series}[0];
    my %row;
    @row{@{$series->{columns}}} = @{$series->{values}[0]};
    $row{$_} == $point->{fields}{$_} or die "$_: $answer" for keys %{$point->{fields}};
}
my $error = ask(400, POST(url('/write', db => 'perl'), Content => 'broken'))->content;
decode_json($error)->{error} =~ /missing fields/ or die $error;
