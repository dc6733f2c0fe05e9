"""check_names ROOT: files and types are named after what they are, in the words of the field."""
import os
import re
import sys

import source_text

VAGUE = {'util', 'helper', 'manager', 'common', 'misc'}
VAGUE_FILE = VAGUE | {'data', 'info', 'event', 'record', 'item'}
TYPE = re.compile(r'\b(?:class|struct|union|enum)\s+(?:[A-Z_]+\s+)?([A-Z]\w*)[^;(){}]*\{')


def words(name):
    """The words of snake_case, kebab-case or CamelCase, singular."""
    parts = re.findall(r'[A-Z]+(?![a-z])|[A-Z]?[a-z]+', name)
    return {part.lower().removesuffix('s') for part in parts}


def complaints(root):
    for path in source_text.files(root):
        if '/corpus/' in path:
            continue
        for part in path.split('/'):
            for word in sorted(words(os.path.splitext(part)[0]) & VAGUE_FILE):
                yield f'{path}: "{word}" says nothing; name it after what it is'
        if path.endswith(source_text.CPP):
            code = source_text.code_only(source_text.read(root, path))
            for match in TYPE.finditer(code):
                for word in sorted(words(match[1]) & VAGUE):
                    yield (f'{path}:{source_text.line_of(code, match.start())}: "{word}" in {match[1]} '
                           'says nothing; name it after what it is')


sys.exit(source_text.report('names', list(complaints(sys.argv[1]))))
