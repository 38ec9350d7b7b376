// The peer of the benchmark: a print service as it is written today, with the durability that Comptoir promises
// (WAL, synchronous=FULL: a commit returns when it is on disk). Usage: node server.js DATABASE [PORT]
import { createServer } from "node:http";
import Database from "better-sqlite3";
import express from "express";
import { Server } from "socket.io";

const db = new Database(process.argv[2]);
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.exec(`CREATE TABLE IF NOT EXISTS print_jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  station TEXT NOT NULL,
  content TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'pending',
  created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
  printed_at TEXT)`);
const insert = db.prepare("INSERT INTO print_jobs (station, content) VALUES (?, ?)");
const printed = db.prepare("UPDATE print_jobs SET status = 'printed', printed_at = CURRENT_TIMESTAMP WHERE id = ?");

const app = express();
const http = createServer(app);
const io = new Server(http, { transports: ["websocket"] });

app.use(express.json());
app.post("/print", (req, res) => {
  const { content, station = "counter" } = req.body ?? {};
  if (typeof content !== "string" || !content.trim()) return res.status(400).json({ error: "content is missing" });
  const { lastInsertRowid: id } = insert.run(station, content);
  io.to(station).emit("print", { id, content });
  res.status(201).json({ id, status: "pending" });
});

io.on("connection", (socket) => {
  socket.join(socket.handshake.auth.station ?? "counter");
  socket.on("printed", ({ id }) => {
    printed.run(id);
    socket.emit("recorded", { id });
  });
});

http.listen(Number(process.argv[3] ?? 0), "127.0.0.1", () => console.log(`listening on ${http.address().port}`));
process.on("SIGTERM", () => { db.close(); process.exit(0); });
