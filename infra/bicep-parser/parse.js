// Prints the syntax trees of bicep files as JSON: { file: node }. A node has its type, the field that its parent knows it
// by, its line, whether it is an error, and its children, or its text when it has none.
// Usage: node parse.js FILE...
'use strict';
const fs = require('fs');
const Parser = require('tree-sitter');
const bicep = require('tree-sitter-bicep');

const parser = new Parser();
parser.setLanguage(bicep);

// The grammar knows modules only: it takes 'param NAME = VALUE' of a parameters file for a declaration without a type. Such
// an assignment is written exactly like a variable's declaration, so that is what it is read as.
const asModule = (file, text) => (file.endsWith('.bicepparam') ? text.replace(/^param(\s+\w+\s*=)/gm, 'var$1') : text);

function toJson(cursor) {
  const node = cursor.currentNode;
  const result = { type: node.type, line: node.startPosition.row + 1 };
  if (cursor.currentFieldName) result.field = cursor.currentFieldName;
  if (node.type === 'ERROR' || node.isMissing) result.error = true;
  if (cursor.gotoFirstChild()) {
    result.children = [];
    do result.children.push(toJson(cursor)); while (cursor.gotoNextSibling());
    cursor.gotoParent();
  } else {
    result.text = node.text;
  }
  return result;
}

const trees = {};
for (const file of process.argv.slice(2)) {
  trees[file] = toJson(parser.parse(asModule(file, fs.readFileSync(file, 'utf8'))).walk());
}
process.stdout.write(JSON.stringify(trees));
