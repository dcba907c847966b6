// The shapes of a traced step of training: what the server sends, and what Trace makes of it.

import type { NetworkNames, NumberArray } from "../shared/types.js";

/** How a cell that a function leaves depends on what it reads. */
export type ReachKind = "each" | "dot" | "column" | "whole";

export type Phase = "forward" | "loss" | "backward" | "penalty" | "update";

/** A formula as TeX, and the same as plain text: for reading aloud, and where nothing sets TeX. */
export interface Formula {
  tex: string;
  text: string;
}

/** What an array is called. */
export interface ArrayName extends Formula {
  /** The plain text without the row of ones that the biases are multiplied by. */
  letter: string;
  /** Whether it is the transpose of an array. */
  transposed: boolean;
  /** What the part of each layer is called; empty unless it has one number for each parameter. */
  layers: Formula[];
}

/** Number of the name among those of the step, or -1; kind and layer of an array. */
export type RawEntry = [view: number, name: number, kind: string, layer: number];
export type RawRead = RawEntry | [view: -1, value: number];
export type RawCall = [name: string, reads: RawRead[], leaves: RawEntry[]];
export type RawView = [buffer: number, first: number, shape: number[], strides: number[]];

/** Lines of the engine's source. */
export interface Source {
  file: string;
  first: number;
  function: string;
  text: string;
}

/** The texts of an equation. */
export interface LineText {
  phase: Phase;
  rule: string;
  layer: number;
  /** What the rule is called, and what it does in a sentence. */
  name: string;
  sentence: string;
  /** The formula, and what stands left of its sign. */
  formula: Formula;
  left: Formula;
  /** The formula with the shapes of its arrays, and for one unit; null where that is the same. */
  shaped: Formula | null;
  unit: Formula | null;
  /** The chain rule behind it. */
  chain: Formula | null;
  numpy: string[];
  sources: Source[];
}

export interface RawLine extends LineText {
  calls: RawCall[];
}

/** The head of a traced step. */
export interface StepMeta {
  query: string;
  epoch: number;
  batch: number;
  batches: number;
  examples: string[];
  rows: number[];
  task: string;
  loss: string;
  network: NetworkNames;
  line: number;
  place: number;
  lines: RawLine[];
  names: ArrayName[];
  views: RawView[];
  buffers: [size: number, given: boolean][];
  reach: Record<string, [ReachKind, string]>;
}

export interface StepArrays {
  initial: NumberArray<Float64Array>;
  results: NumberArray<Float64Array>;
}

/** A view with rows and columns, whatever its dimensions: a vector is a column, a number 1 x 1. */
export interface View {
  buffer: number;
  first: number;
  rows: number;
  columns: number;
  down: number;
  across: number;
  size: number;
}

/** An array that a call reads or leaves. */
export interface Entry {
  view: number;
  symbol: ArrayName | null;
  kind: string;
  layer: number;
}

/** What a call reads: an array, or a plain number, whose view is -1. */
export interface Read extends Entry {
  value?: number;
}

/** What a call leaves; `first` is the number of its first write. */
export interface Leaf extends Entry {
  first: number;
}

export interface Call {
  name: string;
  line: number;
  reads: Read[];
  leaves: Leaf[];
}

/** An equation with its calls, first <= call < end. */
export interface Line extends LineText {
  number: number;
  first: number;
  end: number;
}

/** A number at a place in an array before a call `time`; a plain number has no address. */
export interface Cell {
  read: Read;
  i: number;
  j: number;
  time: number;
  value: number;
  address?: number;
}

export type Pair = [Cell, Cell];

/** The inputs of a cell; `kind` decides which of operands, pairs and lists is there. */
export interface Parts {
  kind: ReachKind;
  form: string;
  name: string;
  operands?: Cell[];
  pairs?: Pair[];
  lists?: Cell[][];
}

/** The cell that a write made. */
export interface Made {
  call: number;
  leaf: Leaf;
  i: number;
  j: number;
}

/** A step within a line that led to a number. */
export interface ChainStep extends Made, Parts {
  address: number;
  value: number;
}

/** A term of a sum with its cells. */
export interface Term {
  cells: Cell[];
  product: number;
}

/** The terms that are not shown one by one. */
export interface Rest {
  count: number;
  sum: number;
}

/** Where a number comes from: `given` in words, or the line and the terms that made it. */
export interface GivenOrigin {
  name: string;
  value: number;
  given: string;
}

export interface MadeOrigin {
  name: string;
  value: number;
  given?: undefined;
  line: Line;
  kind: ReachKind;
  form: string;
  calls: string;
  operands?: Cell[];
  terms: Term[];
  rest: Rest | null;
}

export type Origin = GivenOrigin | MadeOrigin;

/** What the rows or the columns of a table are. */
export interface TableAxis {
  type: "unit" | "example" | "place" | "one";
  layer: number;
}

/** A table that shows an entry, or one layer of it. */
export interface EntryTable {
  entry: Read;
  view: View;
  symbol: Formula | null;
  rows: number;
  columns: number;
  rowAxis: TableAxis;
  columnAxis: TableAxis;
  layer?: number;
  /** Row and column in the entry's view of a cell of the table. */
  cell(i: number, j: number): [number, number];
}

/** A weight, or the bias where `input` is the number of inputs; units are counted from 0. */
export interface Parameter {
  layer: number;
  unit: number;
  below: number;
}

/** What is read before a call `time`. */
export interface TimedRead {
  read: Read;
  time: number;
}

export interface LineTables {
  operands: TimedRead[];
  numbers: TimedRead[];
  steps: TimedRead[];
  result: TimedRead;
}

/** By how much a rule changed a number. */
export interface Change {
  rule: string;
  change: number;
}

/** Everything that changed a parameter in a step. */
export interface WeightChange {
  examples: (Term & { example: number })[];
  sum: number;
  pulls: Change[];
  slope: number;
  rate: number;
  moves: Change[];
  change: number;
  before: number;
  after: number;
}

// ---- what the walker shows

/** What a unit of the network shows at a moment. */
export interface UnitState {
  value?: number;
  symbol: string;
  muted?: boolean;
}

/** The network at a moment of the walk. */
export interface NetworkState {
  flow: string;
  of: string;
  units(layer: number, unit: number): UnitState;
  weight(layer: number, unit: number, below: number): number;
  marked(layer: number, unit: number, below: number): boolean;
  chosen(layer: number): number;
  /** What the line reads and writes: "u1" units of a layer, "b1" its bias neuron, "e1" weights. */
  reads: Set<string>;
  writes: Set<string>;
}

/** A table as the equation shows it: before a call `time`; `layered` if it is one of several. */
export type ShownTable = EntryTable & { time: number; layered: boolean };

/** What a grid shows of a table. */
export interface GridTable {
  symbol: Formula | null;
  title?: string;
  rows: number;
  columns: number;
  value(i: number, j: number): number;
  row(i: number): string;
  column(j: number): string;
  name(i: number, j: number): string;
  marked?: ((i: number, j: number) => boolean) | null;
  muted?(i: number, j: number): boolean;
  chosen: [number, number];
}

/** The same with its room in pixels, the most rows in sight, and whether it has just come. */
export type PlacedTable = GridTable & { room: number; most: number; arrives: boolean };
