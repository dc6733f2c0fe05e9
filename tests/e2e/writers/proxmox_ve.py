"""Proxmox VE's metric server: proxmox/pve-manager, PVE/Status/InfluxDB.pm, over LWP or UDP.

Integers come without `i`, batches of up to 25 MB with a length, and everything must be done within a second.
"""
import wire

CREDENTIALS = '''
    TE: deflate,gzip;q=0.3
    Connection: TE, close
    Authorization: Token secret
    Host: $host
    User-Agent: libwww-perl/6.68
    '''


class ProxmoxVe(wire.WriterTest):
    def test_connection_test(self):
        """test_connection: any 2xx."""
        self.assertEqual(self.send(f'GET /health HTTP/1.1{CREDENTIALS}').status // 100, 2)
        self.assertEqual(self.send(f'GET /proxy/health HTTP/1.1{CREDENTIALS}').status // 100, 2)

    def test_write(self):
        """send: any 2xx, else the batch is lost."""
        for prefix in ('', '/proxy'):
            reply = self.send(f'''
                POST {prefix}/api/v2/write?org=proxmox&bucket=proxmox HTTP/1.1{CREDENTIALS.rstrip()}
                Content-Length: $length
                ''', 'system,object=qemu,vmid=100,nodename=pve1,host=web\\ 1 cpu=0.0123,maxmem=8589934592,'
                     'name="web 1",status="running",tags="a;b" ${s}000000000\n'
                     'nics,object=nodes,host=pve1,instance=vmbr0 receive=17,transmit=1.2e+10 ${s}000000000\n')
            self.assertEqual(reply.status // 100, 2)
        self.serves('system_cpu', 0.0123, object='qemu', vmid='100', nodename='pve1', host='web 1')
        self.serves('nics_transmit', 1.2e10, object='nodes', host='pve1', instance='vmbr0')

    def test_write_by_udp(self):
        """The default: as many lines as fit in the MTU."""
        self.send_datagram('cpustat,object=nodes,host=pve2 avg1=0.5,cpus=8 ${s}000000000\n'
                           'memory,object=nodes,host=pve2 memfree=1024,memtotal=4096 ${s}000000000\n')
        self.comes_to_serve('cpustat_avg1', 0.5, object='nodes', host='pve2')
        self.comes_to_serve('memory_memtotal', 4096, object='nodes', host='pve2')
