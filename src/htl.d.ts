declare module "htl" {
  // biome-ignore lint/suspicious/noExplicitAny: a template may give any kind of node; callers say which.
  type Template = (strings: TemplateStringsArray, ...values: unknown[]) => any;
  /** `html.fragment` gives all nodes of a template that has several beside each other. */
  export const html: Template & {
    fragment(strings: TemplateStringsArray, ...values: unknown[]): DocumentFragment;
  };
  export const svg: Template;
}
