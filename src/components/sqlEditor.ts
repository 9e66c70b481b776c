import {autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap} from "@codemirror/autocomplete";
import {defaultKeymap, history, historyKeymap} from "@codemirror/commands";
import {sql} from "@codemirror/lang-sql";
import {bracketMatching, HighlightStyle, syntaxHighlighting} from "@codemirror/language";
import {EditorState, Prec, StateEffect, StateField} from "@codemirror/state";
import {Decoration, type DecorationSet, EditorView, keymap, lineNumbers} from "@codemirror/view";
import {tags} from "@lezer/highlight";
import {completeNames, duckdbDialect, type SqlTable} from "../lib/sqlLanguage.js";

export interface SqlEditorOptions {
  readonly value: string;
  readonly tables: readonly SqlTable[];
  readonly onRun: () => void;
}

export interface SqlEditor {
  readonly node: HTMLElement;
  value(): string;
  /** Replaces the text; can be undone. */
  set(text: string): void;
  /** Puts text where the cursor is. */
  insert(text: string): void;
  /** Marks the word at an offset, and brings it into sight. Typing takes the mark away. */
  markError(offset: number | null): void;
  focus(): void;
}

/** An editor for SQL that knows the tables: colours, completion, Ctrl-Enter or Cmd-Enter to run. Tab leaves it. */
export function sqlEditor({value, tables, onRun}: SqlEditorOptions): SqlEditor {
  const complete = completeNames(tables);
  const view = new EditorView({
    state: EditorState.create({
      doc: value,
      extensions: [
        Prec.highest(
          keymap.of([
            {
              key: "Mod-Enter",
              run: () => {
                onRun();
                return true;
              },
            },
          ]),
        ),
        lineNumbers(),
        history(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({icons: false}),
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
        sql({dialect: duckdbDialect}),
        duckdbDialect.language.data.of({autocomplete: complete}),
        syntaxHighlighting(colours),
        theme,
        marks,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          "aria-label": "SQL. Control or Command with Enter runs it, Tab leaves the editor.",
          spellcheck: "false",
          autocapitalize: "off",
        }),
      ],
    }),
  });
  return {
    node: view.dom,
    value: () => view.state.doc.toString(),
    set(text) {
      view.dispatch({changes: {from: 0, to: view.state.doc.length, insert: text}, selection: {anchor: 0}});
    },
    insert(text) {
      view.dispatch(view.state.replaceSelection(text));
      view.focus();
    },
    markError(offset) {
      const place = offset === null ? null : Math.min(offset, view.state.doc.length);
      view.dispatch({
        effects: [setMark.of(place), ...(place === null ? [] : [EditorView.scrollIntoView(place)])],
        ...(place === null ? {} : {selection: {anchor: place}}),
      });
    },
    focus: () => view.focus(),
  };
}

const setMark = StateEffect.define<number | null>();

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(current, transaction) {
    let next = transaction.docChanged ? Decoration.none : current;
    for (const effect of transaction.effects) {
      if (!effect.is(setMark)) continue;
      next = effect.value === null ? Decoration.none : errorAt(transaction.state, effect.value);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** The line, and in it the word at the offset, or the last character where the statement ends too early. */
function errorAt(state: EditorState, offset: number): DecorationSet {
  const line = state.doc.lineAt(offset);
  const rest = /^(\w+|\S)/.exec(state.doc.sliceString(offset, line.to))?.[0] ?? "";
  const [from, to] = rest === "" ? [Math.max(line.from, offset - 1), offset] : [offset, offset + rest.length];
  const whole = Decoration.line({class: "sql-error-line"}).range(line.from);
  return from === to
    ? Decoration.set([whole])
    : Decoration.set([whole, Decoration.mark({class: "sql-error"}).range(from, to)]);
}

const colours = HighlightStyle.define([
  {tag: [tags.keyword, tags.bool, tags.null], color: "var(--accent)", fontWeight: "550"},
  {tag: tags.string, color: "var(--green)"},
  {tag: tags.number, color: "var(--over)"},
  {tag: [tags.typeName, tags.standard(tags.name)], color: "var(--yellow)"},
  {tag: [tags.lineComment, tags.blockComment], color: "var(--ink-quiet)", fontStyle: "italic"},
]);

/** The page's own colours, so that light and dark follow it. */
const theme = EditorView.theme({
  "&": {backgroundColor: "var(--surface)", color: "var(--ink)", fontSize: "13px"},
  "&.cm-focused": {outline: "none"},
  ".cm-scroller": {
    fontFamily: "var(--code)",
    lineHeight: "1.55",
    minHeight: "9rem",
    maxHeight: "24rem",
    overflow: "auto",
  },
  ".cm-content": {padding: "0.6rem 0", caretColor: "var(--ink)"},
  ".cm-cursor": {borderLeftColor: "var(--ink)"},
  ".cm-gutters": {backgroundColor: "var(--surface)", color: "var(--ink-quiet)", border: "0", paddingLeft: "0.25rem"},
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, ::selection": {
    backgroundColor: "var(--under-soft)",
  },
  "&.cm-focused .cm-matchingBracket": {backgroundColor: "var(--sunken)", outline: "1px solid var(--line-strong)"},
  ".cm-tooltip": {
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    border: "1px solid var(--line-strong)",
    borderRadius: "6px",
    boxShadow: "var(--shadow-high)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {fontFamily: "var(--code)", maxHeight: "15rem"},
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {padding: "0.15rem 0.6rem"},
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--under-soft)",
    color: "var(--ink)",
    outline: "2px solid var(--accent)",
    outlineOffset: "-2px",
  },
  ".cm-completionDetail": {
    color: "var(--ink-quiet)",
    fontStyle: "normal",
    fontFamily: "var(--typeface)",
    fontSize: "0.86em",
  },
  ".cm-completionMatchedText": {textDecoration: "none", fontWeight: "700"},
  ".cm-tooltip.cm-completionInfo": {padding: "0.4rem 0.7rem", maxWidth: "20rem"},
  ".sql-error-line": {backgroundColor: "color-mix(in srgb, var(--red) 9%, transparent)"},
  ".sql-error": {textDecoration: "underline wavy var(--red)", textUnderlineOffset: "0.25em"},
});
