"""Proxmox Backup Server and Datacenter Manager: proxmox/proxmox-rs, proxmox-metrics/src/influxdb/http.rs, over hyper.

The first request that fails ends the sending.
"""
import wire


class ProxmoxBackup(wire.WriterTest):
    def test_connection_test_and_write(self):
        reply = self.send('''
            GET /health HTTP/1.1
            authorization: Token secret
            user-agent: proxmox-simple-http-client/0.1
            host: $host
            ''')
        self.assertEqual(reply.status // 100, 2)
        reply = self.send('''
            POST /api/v2/write?org=proxmox&bucket=proxmox HTTP/1.1
            authorization: Token secret
            user-agent: proxmox-simple-http-client/0.1
            host: $host
            content-length: $length
            ''', 'cpustat,object=host,host=pbs1 avg1=0.25,iowait=0,total=0.5 ${s}000000000\n'
                 'datastore,object=store,datastore=tank available=100,used=20 ${s}000000000\n')
        self.assertEqual(reply.status // 100, 2)
        self.serves('cpustat_avg1', 0.25, object='host', host='pbs1')
        self.serves('datastore_used', 20, object='store', datastore='tank')
