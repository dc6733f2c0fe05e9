"""image_test BINARY: the file system of the container image, run as a container would: alone, read-only, not root."""
import os
import signal
import subprocess
import sys

import probe

SIZE_MAX = 60_000_000
USER = '65532:65532'
# What a container runtime does: mounts the image read-only, adds /proc, changes root and user.
CONTAIN = ('root=$1; shift; mount --bind "$root" "$root" && mount -t proc proc "$root/proc" && '
           'mount -o remount,bind,ro "$root" && exec chroot --userspec=%s "$root" "$@"' % USER)


def contained(image, *command):
    return ['unshare', '--mount', 'sh', '-c', CONTAIN, 'sh', image, *command]


def size_of(image):
    return sum(os.lstat(os.path.join(folder, name)).st_size
               for folder, _, names in os.walk(image) for name in names)


def check_run_list(image):
    shipped = os.listdir(os.path.join(image, 'usr/share/doc'))
    listed = probe.packages_of('run')
    assert sorted(shipped) == sorted(listed), \
        f'deploy/packages/run.txt: add {set(shipped) - set(listed)}, drop {set(listed) - set(shipped)}'


def check_missing_library(image, binary):
    """A library that is not there must not go unnoticed until the image is run."""
    hidden = os.path.join(image, 'hidden')
    with open(binary, 'rb') as source, open(hidden, 'wb') as target:
        target.write(source.read().replace(b'libisal.so.2', b'libisal.so.9'))
    os.chmod(hidden, 0o755)
    result = subprocess.run([os.path.join(probe.ROOT, 'deploy', 'image_root'), image + '/other', hidden],
                            check=False, text=True, stderr=subprocess.PIPE)
    assert result.returncode == 1 and 'libisal.so.9' in result.stderr, result


def check_running(image):
    address = f'127.0.0.1:{probe.free_port()}'
    url = f'http://{address}'
    healthcheck = contained(image, '/fluxgate', 'healthcheck', url + '/-/ready')
    assert subprocess.run(healthcheck, check=False).returncode == 1, 'healthy before it was started'
    server = subprocess.Popen(contained(image, '/fluxgate', f'--web.listen-address={address}',
                                        f'--udp.bind-address={address}'))
    try:
        probe.wait_until(lambda: probe.answers(url) or server.poll() is not None, 'ready')
        assert server.poll() is None, f'ended with {server.returncode}'
        assert subprocess.run(healthcheck, check=False).returncode == 0, 'healthcheck'
        owner = os.stat(f'/proc/{server.pid}').st_uid
        assert owner == int(USER.split(':', 1)[0]), f'runs as {owner}'
        probe.write_and_scrape(url)
        server.send_signal(signal.SIGTERM)
        assert server.wait(probe.READY_SECONDS) == 0, server.returncode
    finally:
        if server.poll() is None:
            server.kill()


def main(binary):
    with probe.folder() as folder:
        os.chmod(folder, 0o755)
        image = os.path.join(folder, 'image')
        subprocess.run([os.path.join(probe.ROOT, 'deploy', 'image_root'), image, binary], check=True)
        size = size_of(image)
        print(f'image: {size / 1e6:.1f} MB')
        assert size < SIZE_MAX, f'{size} bytes'
        check_run_list(image)
        check_missing_library(folder, binary)
        if os.getuid() != 0 or subprocess.run(['unshare', '--mount', 'true'], check=False).returncode != 0:
            print('not run: that takes root and a mount namespace')
            return probe.SKIPPED
        os.mkdir(os.path.join(image, 'proc'))
        check_running(image)
    return 0


sys.exit(main(os.path.abspath(sys.argv[1])))
