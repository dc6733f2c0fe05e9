"""check_layers ROOT: every include of ours is an edge of layers.txt, and no layer sees what it must not."""
import fnmatch
import os
import re
import sys

import source_text

RULES = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'layers.txt')
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<][^">\n]+[">])', re.M)


def read_rules(path):
    """edges: layer -> [(layers it sees, patterns of headers)]; foreign: layer -> {prefix: allowed}."""
    edges, foreign = {}, {}
    with open(path, encoding='utf-8') as rules:
        for line in rules:
            words = line.partition('#')[0].split()
            if words[1:2] == ['->']:
                seen, _, patterns = ' '.join(words[2:]).partition('only')
                edges.setdefault(words[0], []).append((seen.split(), patterns.split() or ['*']))
            elif words[1:2] == ['without']:
                table = foreign.setdefault(words[0], {})
                table.update({word.lstrip('+'): word.startswith('+') for word in words[2:]})
    return edges, foreign


def layer_of(path):
    parts = path.split('/')
    if parts[0] == 'bridge':
        return parts[1] if len(parts) > 2 else os.path.splitext(parts[1])[0]
    return parts[0]


def own_include(layer, included, edges):
    """Why `layer` may not include our header, or None."""
    target = layer_of(included)
    if target not in edges or '/' not in included:
        return 'quotes are for headers of ours, named from the root'
    if target == layer:
        return None
    if target in ('main', 'tests'):
        return f'{layer} must not include {target}'
    patterns = [p for seen, some in edges[layer] if target in seen or '*' in seen for p in some]
    if not patterns:
        return f'{layer} must not include {target}'
    if not any(fnmatch.fnmatch(included, pattern) for pattern in patterns):
        return f'{layer} includes only {" ".join(patterns)} of {target}'
    return None


def foreign_include(layer, header, foreign):
    fitting = [prefix for prefix in foreign.get(layer, {}) if header.startswith(prefix)]
    if fitting and not foreign[layer][max(fitting, key=len)]:
        return f'{layer} does without it'
    return None


def complaints(root):
    edges, foreign = read_rules(RULES)
    for path in source_text.files(root, source_text.CPP):
        layer = layer_of(path)
        if layer not in edges:
            yield f'{path}: layers.txt does not know the layer {layer}'
            continue
        text = source_text.read(root, path)
        for match in INCLUDE.finditer(text):
            header = match[1]
            if header.startswith('"'):
                why = own_include(layer, header.strip('"'), edges)
            else:
                why = foreign_include(layer, header, foreign)
            if why:
                yield f'{path}:{source_text.line_of(text, match.start())}: {header}: {why}'


sys.exit(source_text.report('layers', list(complaints(sys.argv[1]))))
