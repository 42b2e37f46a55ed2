/**
 * A page that does nothing before its first result: `?workers=1`, `?training` or `?thread`.
 * @module
 */
import { firstGram, firstTraining } from "../first-gram.ts";
import { emptyThread } from "../host/node.ts";

const query = new URLSearchParams(location.search);
const workers = query.get("workers");
const results = workers ? firstGram(Number(workers)) : query.has("training") ? firstTraining() : emptyThread();
Object.assign(globalThis, { results });
