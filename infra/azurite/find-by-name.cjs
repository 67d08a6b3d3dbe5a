// For buckets of many thousand blobs: node --require find-by-name.cjs azurite.js
// Azurite asks its database, LokiJS, for an account, a container and a name, and LokiJS follows the index of whatever it is
// asked for first: each request walks every blob of the account. Asked for the name first it finds the same blob at once.
const { Resultset } = require("lokijs");

const selective = ["name", "blobName", "containerName"];
const find = Resultset.prototype.find;

Resultset.prototype.find = function (query, firstOnly) {
  return find.call(this, query && typeof query === "object" ? mostSelectiveFirst(query) : query, firstOnly);
};

function mostSelectiveFirst(query) {
  const first = selective.filter((key) => typeof query[key] === "string");
  return Object.fromEntries([...new Set([...first, ...Object.keys(query)])].map((key) => [key, query[key]]));
}
