// Loaded into the backend before its own code. When the process that started it
// is killed and can tell nobody, the channel between them closes all the same.
process.on("disconnect", () => {
  process.kill(process.pid, "SIGTERM");
});
process.channel?.unref();
