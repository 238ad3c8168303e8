declare module "service-under-test" {
  /** The bundled Worker; `bundle.ts` sets its path. */
  const service: Required<Pick<ExportedHandler<Cloudflare.Env>, "fetch">>;
  export default service;
}
