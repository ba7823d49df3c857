import { createServer } from "vite";

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/src/dashboard/ui/css/main.css"></head>
<body><div id="root"></div>
<script type="module" src="/tests/support/dashboard/dev.tsx"></script></body></html>`;

// Serves the dashboard over the fakes: node tests/support/dashboard/serve.ts [port]
const server = await createServer({
  server: { port: Number(process.argv[2] ?? "5199"), strictPort: true },
  appType: "custom",
  plugins: [
    {
      name: "dashboard-over-fakes",
      configureServer: (host) => () => {
        host.middlewares.use((request, response) => {
          void host.transformIndexHtml(request.url ?? "/", PAGE).then((html) => {
            response.setHeader("Content-Type", "text/html").end(html);
          });
        });
      },
    },
  ],
});
await server.listen();
server.printUrls();
