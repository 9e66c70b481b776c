declare module "htl" {
  // biome-ignore lint/suspicious/noExplicitAny: a template may give any kind of node; callers say which.
  export function html(strings: TemplateStringsArray, ...values: unknown[]): any;
}
