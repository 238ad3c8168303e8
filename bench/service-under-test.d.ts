declare module "service-under-test" {
  /** The bundled Worker; `bundle.ts` says where it lies. */
  const service: Required<Pick<ExportedHandler<Cloudflare.Env>, "fetch">>;
  export default service;
}
