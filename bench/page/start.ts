/**
 * A page that does nothing before its first result: `?workers=1`, `?training` or, without the library, `?floor`.
 * @module
 */
import { firstGram, firstTraining, floor } from "../first-gram.ts";

const query = new URLSearchParams(location.search);
const workers = query.get("workers");
const results = workers ? firstGram(Number(workers)) : query.has("training") ? firstTraining() : floor();
Object.assign(globalThis, { results });
