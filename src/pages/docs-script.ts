/** The script of `/api/docs`: starts Swagger UI on the document of this service, in the colours of the page. */
export const DOCS = `
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", paint);
paint();
SwaggerUIBundle({
  url: "/api/openapi.json?format=json",
  dom_id: "#swagger",
  // Otherwise the document would be sent to a service on another machine.
  validatorUrl: null,
  deepLinking: true,
  // Closed groups: with all requests of all models open at once, Swagger UI shows only the first few.
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  filter: true,
});
`;
