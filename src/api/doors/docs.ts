import { Router } from 'express';
import { fileURLToPath } from 'node:url';

const assets = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const;

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Xubao API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

// Without validatorUrl: null the page would ask an outside host about every document that is not on localhost.
const start = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  validatorUrl: null,
  displayRequestDuration: true,
  tagsSorter: 'alpha',
});
`;

/** The readable API description, served from this machine alone. */
export function docsPages(document: unknown): Router {
  const router = Router();
  const json = JSON.stringify(document);
  router.get('/openapi.json', (_request, response) => void response.type('application/json').send(json));
  router.get('/docs', (_request, response) => void response.type('html').send(page));
  router.get('/docs/start.js', (_request, response) => void response.type('text/javascript').send(start));
  for (const asset of assets) {
    const path = fileURLToPath(import.meta.resolve(`swagger-ui-dist/${asset}`));
    router.get(`/docs/${asset}`, (_request, response) => response.sendFile(path, { maxAge: '1d', dotfiles: 'allow' }));
  }
  return router;
}
