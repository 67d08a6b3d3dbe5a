// For buckets of many thousand blobs: node --require many-blobs.cjs azurite.js
// What Azurite's database, LokiJS, does in time that grows with all that it holds, and need not. Azurite answers the same.
const { Collection, Resultset } = require("lokijs");

// Azurite asks for an account, a container and a name, and LokiJS follows the index of whatever it is asked for first: each
// request walks every blob of the account. Asked for the name first it finds the same blob at once.
const selective = ["name", "blobName", "containerName"];
const find = Resultset.prototype.find;

Resultset.prototype.find = function (query, firstOnly) {
  return find.call(this, query && typeof query === "object" ? mostSelectiveFirst(query) : query, firstOnly);
};

function mostSelectiveFirst(query) {
  const first = selective.filter((key) => typeof query[key] === "string");
  return Object.fromEntries([...new Set([...first, ...Object.keys(query)])].map((key) => [key, query[key]]));
}

// Every minute Azurite removes the extents of the messages that are gone, one by one, and LokiJS sorts all indices anew
// after each: Azurite answers nobody for seconds, then minutes. A single document leaves its indices where it stands.
const removeBatch = Collection.prototype.removeBatchByPositions;

Collection.prototype.removeBatchByPositions = function (positions) {
  return positions.length === 1 ? this.remove(this.data[positions[0]]) : removeBatch.call(this, positions);
};
