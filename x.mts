import {openDatabase} from "./loaders/database.js";
const d=await openDatabase();
for (const q of process.argv.slice(2)) console.table(await d.rows(q));
d.close();
