// The shapes of what the server sends and of what modules hand to each other. Types only: nothing
// of this file reaches the browser's JavaScript.

import type { ColourRange } from "../run/range.js";
import type { Scene } from "../run/scene.js";

// ---- numbers

/** An array of a payload's numbers. */
export type Numbers = Float32Array | Float64Array | Int16Array | Int32Array | Uint8Array;

/** Numbers with their shape, row after row. */
export interface NumberArray<T extends Numbers = Numbers> {
  values: T;
  shape: number[];
}

export type Arrays = Record<string, NumberArray>;

/** Where the bytes of an array begin in a payload, and how to read them. */
export interface ArrayHead {
  dtype: string;
  shape: number[];
  offset: number;
}

export type Interval = [number, number];
export type Point = { x: number; y: number };
/** A place on the page, as of a pointer. */
export type PagePoint = { clientX: number; clientY: number };

// ---- what Streamlit hands to a component

export interface Component<T> {
  data: T;
  key: string;
  parentElement: HTMLElement;
  setTriggerValue(name: string, value: unknown): void;
}

// ---- colours

/** Red, green and blue from 0 to 255. */
export type Colour = [number, number, number];

export interface Theme {
  background: Colour;
  ink: Colour;
  font: string;
  key: string;
}

export interface Palette {
  positive: string;
  negative: string;
  classes: string[];
}

/** A scale of colours: full colour at centre - half and at centre + half. */
export interface ColourScale {
  centre: number;
  half: number;
}

export interface ColourRanges {
  weights: ColourRange;
  deltas: ColourRange;
  unitDeltas: ColourRange;
}

// ---- figures

/** The numbers of a trace: a list, or base64 of a typed array. */
export type TraceField = ArrayLike<number> | { bdata: string; dtype: string };

export interface TraceMeta {
  color?: string;
  width?: number;
  dash?: string;
  part?: string;
  label?: boolean;
  sign?: string;
  theme?: Record<string, "ink" | "background">;
}

/** Colours of points: one for all, or numbers on a scale of three colours. */
export interface MarkerColours {
  color?: string | TraceField;
  cmin?: number;
  cmax?: number;
  colorscale?: [number, string][];
}

export interface Marker extends MarkerColours {
  symbol?: string;
  size?: number;
  line?: MarkerColours & { width?: number };
}

export interface FigureTrace {
  uid?: string;
  marker?: Marker;
  type?: string;
  name?: string;
  x?: TraceField | null[];
  y?: TraceField | null[];
  xaxis?: string;
  yaxis?: string;
  customdata?: TraceField | number[][];
  visible?: boolean;
  hoverinfo?: string;
  line?: { color?: string };
  meta?: TraceMeta;
}

/** A trace that the player paints; it has a name. */
export type LiveTrace = FigureTrace & { uid: string };

export interface Axis {
  type?: string;
  range: Interval;
  domain?: Interval;
  anchor?: string;
  title?: { text?: string; standoff?: number; font?: { size?: number } };
  tickvals?: number[];
  ticktext?: string[];
  dtick?: number;
  nticks?: number;
  tickfont?: { size?: number };
  ticklabelstandoff?: number;
  showgrid?: boolean;
  showticklabels?: boolean;
  gridcolor?: string;
}

/** A line or a rectangle in a figure. */
export interface LayoutShape {
  type: string;
  xref?: string;
  yref?: string;
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  line: { color: string; width: number; dash?: string };
}

/** A text in a figure. */
export interface Annotation {
  text: string;
  x: number;
  y: number;
  xref?: string;
  yref?: string;
  xanchor: string;
  yanchor: string;
  xshift?: number;
  yshift?: number;
  font?: { size?: number };
}

/** A unit of the network's diagram, with its place as fractions of the plot area. */
export interface UnitPlace {
  layer: number;
  unit: number;
  x: number;
  y: number;
}

export interface LayoutMeta {
  title?: string;
  strength?: number;
  floor?: Record<string, number>;
  most?: number;
  units?: UnitPlace[];
  radius?: [number, number, number];
}

export interface Margin {
  l: number;
  r: number;
  t: number;
  b: number;
}

export interface Layout {
  width?: number;
  height?: number;
  margin: Margin;
  font?: Record<string, unknown>;
  meta?: LayoutMeta;
  dragmode?: string | false;
  shapes?: LayoutShape[];
  annotations?: Annotation[];
  xaxis: Axis;
  yaxis: Axis;
  [key: string]: unknown;
}

export interface Figure {
  data: FigureTrace[];
  layout: Layout;
}

/** The pixels of a pair of axes: their rectangle, and the maps from data to pixels and back. */
export interface Place extends Box {
  x(value: number): number;
  y(value: number): number;
  value: { x(pixel: number): number; y(pixel: number): number };
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** An element in which Plotly has drawn. */
export interface PlotlyElement extends HTMLElement {
  data?: unknown[];
  layout: Layout;
  on?(event: string, listener: (event: never) => void): void;
}

export interface PlotlyLibrary {
  react(root: HTMLElement, data: unknown[], layout: object, config: object): Promise<unknown>;
  relayout(root: HTMLElement, change: object): Promise<unknown>;
  purge(root: HTMLElement): void;
}

export interface KatexLibrary {
  renderToString(tex: string, options: { output: string; throwOnError: boolean }): string;
}

/** A table of texts, the first cell of each row a heading. */
export interface TextTable {
  caption: string;
  head: string[];
  rows: string[][];
}

// ---- a run on its way to the player

export interface NetworkNames {
  sizes: number[];
  activations: string[];
  inputs: string[];
  outputs: string[];
}

/** The plane or the line over which the maps are drawn. */
export type MapView = { rows: number[]; x: Interval; y: Interval } & (
  | { kind: "map"; side: number }
  | { kind: "curve"; points: number }
);

/** How output units turn into units of the target. */
export interface Target {
  mean: number | number[];
  scale: number | number[];
}

/** What every kind of player needs of a setup. */
export interface PlayerSetup {
  /** By which the server knows that it need not be sent again. */
  id?: string;
  probe: { labels: string[] };
  metric: string;
  rescaled?: boolean;
  stop?: number;
  goto?: number;
  /** The last epoch that was on the screen, where more are trained. */
  reached?: number;
  /** A number that a later set-up message does not have. */
  serial?: number;
  check?: number | null;
  architecture?: Architecture;
  /** The settings whose controls a shared link can hide or lock, with their labels. */
  shared?: [name: string, label: string][];
}

/** What the page needs to show one run. */
export interface RunSetup {
  network: NetworkNames & { output_gate: boolean };
  view: MapView;
  map: { kind: "value" | "two" | "classes"; center: number; half: number };
  target: Target;
  classes?: string[];
  probe: { labels: string[] };
  metric: string;
  figures: Record<string, Figure>;
  palette: Palette;
  frozen_biases: boolean;
  series: string[];
}

/** What the controls on the diagram show and change; `separate` if each layer has its own. */
export interface Architecture {
  hidden: number[];
  activation: string;
  activations: string[];
  separate: boolean;
  /** The names of the activations, and their words. */
  options: [string, string][];
  /** The activation of the output, in words. */
  output: string;
  /** The most layers, the most units of one, and the units of a new one. */
  limits: { layers: number; units: number; added: number; seed: number };
  features: string[];
  /** The inputs that can be switched on, none where the data decide them. */
  inputs: InputPicture[];
  seed: number;
  data_seed: number;
  /** The data seed that means the seed of the run. */
  same_seed: number;
  /** Whether the start weights are given, not drawn. */
  given: boolean;
  /** What the data's seed draws: the examples, the parts of a table, or nothing. */
  drawn: "formula" | "table" | "fixed";
  /** Settings whose controls the link hides, and those that it locks. */
  hide: string[];
  lock: string[];
}

/** An input of the network; its picture is a square map, a byte for each place, as base64. */
export interface InputPicture {
  name: string;
  label: string;
  picture: string;
}

/** New values of some of it. */
export type Change = Partial<
  Pick<Architecture, "hidden" | "activation" | "activations" | "features" | "seed" | "data_seed">
>;

export type Setup = RunSetup & PlayerSetup;

/** A run of a comparison: the texts of its card. */
export interface CardSetup extends RunSetup {
  name: string;
  sign: string;
  color: string;
  differs: string;
}

export interface ComparisonSetup extends PlayerSetup {
  runs: CardSetup[];
  losses: Figure;
  palette: Palette;
}

/** What the server knows of a run: "ok" while it goes on. */
export interface RunState {
  state: "ok" | "finished" | "diverged";
  message: string;
  trained: number;
}

export interface FindingItem {
  rule: string;
  title: string;
  evidence: string;
  remedy: string;
  /** What the change would choose; empty: nothing can be tried. */
  offer: string;
  /** Why the change cannot be tried; empty: nothing forbids it. */
  refusal: string;
}

/** The result of the diagnosis at an epoch. */
export interface EpochFindings {
  epoch: number;
  count: number;
  items: FindingItem[];
  quiet: string;
  receipt: string;
}

/** The head of a message to a player. */
export interface PlayerMeta<S extends PlayerSetup = PlayerSetup> {
  answer: number;
  run: string;
  runs?: RunState[];
  trained?: number;
  state?: RunState["state"];
  message?: string;
  best?: number | null;
  query?: string;
  pending?: boolean;
  setup?: S;
  series_reset?: boolean;
  forget_after?: number;
  findings?: EpochFindings;
  /** By which the server knows the session; in what comes from the page. */
  token?: string;
  /** Whether the rest of the page is drawn only when the player asks for it. */
  behind?: boolean;
  /** Frames per second that the server can feed. */
  pace?: number;
  /** The findings of all epochs, in a recorded run. */
  story?: EpochFindings[];
}

/** The arrays of frames and of the history in a message. */
export interface FrameArrays {
  epochs?: NumberArray<Int32Array>;
  theta?: NumberArray<Float32Array>;
  delta?: NumberArray<Int16Array>;
  delta_scale?: NumberArray<Float32Array>;
  muted?: NumberArray<Uint8Array>;
  records?: NumberArray<Float32Array>;
  series?: NumberArray<Float32Array>;
  series_epochs?: NumberArray<Int32Array>;
}

/** The arrays that come with a setup. */
export interface SceneArrays {
  grid?: NumberArray<Float32Array>;
  basis?: NumberArray<Float32Array>;
  probe?: NumberArray<Float32Array>;
}

/** One epoch: parameters (flat), deltas as 16-bit shares of `scale`, and the dropout mask. */
export interface Frame {
  epoch: number;
  theta: Float32Array;
  delta: Int16Array;
  scale: Float32Array;
  muted: Uint8Array | null;
  record?: Float32Array;
}

/** The same epoch of several runs. */
export interface FrameSet {
  epoch: number;
  parts: Frame[];
}

/** Losses and metrics by name; `exact` if they belong to the very epoch. */
export type LossName = "train" | "validation" | "train_metric" | "validation_metric";
export type Losses = { exact: boolean } & Partial<Record<LossName, number | null>>;

/** A number at an epoch. */
export interface Sample {
  epoch: number;
  value: number;
}

/** The points of one series, in the order of their epochs. */
export interface SeriesLike {
  epochs: Float64Array;
  values: Float32Array;
  length: number;
  after(epoch: number): number;
}

export interface HistoryLike {
  readonly series: Record<string, SeriesLike>;
  at(name: string, epoch: number): Sample | null;
}

/** What the prefetching asks of a store of frames. */
export interface FramesLike {
  get(epoch: number): { epoch: number } | undefined;
  next(epoch: number, stride: number): { epoch: number } | undefined;
  frontier(epoch: number, stride: number, count: number): number;
}

// ---- what one looks at

/** A unit that is pointed at. */
export interface Focus {
  layer: number;
  unit: number;
  title: string;
}

/** A cell of a layer's matrix [W b], or of its deltas. */
export interface Cell {
  layer: number;
  row: number;
  column: number;
}

/** What the user has chosen to see. */
export interface ViewOptions {
  backward: boolean;
  discretize: boolean;
  test: boolean;
  /** Whether colour scales and axes stay as they are. */
  hold: boolean;
  example: number | null;
  focus: Focus | null;
}

/** The same with the last epoch reached. */
export type DrawOptions = ViewOptions & { reached: number };

export type Choose = <K extends keyof ViewOptions>(name: K, value: ViewOptions[K]) => void;

/** What lies under the pointer: lines of text, and what a click is about. */
export interface Hit {
  lines: string[];
  focus?: Focus;
  cell?: Cell | null;
  example?: number;
}

/** The values of a unit on the grid of the maps. */
export interface GridValues {
  values: Float32Array;
  from: number;
  side: number;
}

/** What the names of cells need to know of a scene. */
export type CellScene = Pick<Scene, "setup" | "sizes" | "weight">;

// ---- what a player is made of

/** What the player needs of the frames and histories of one run, or of several. */
export interface RunBufferLike {
  frames: FramesLike;
  history: HistoryLike;
  /** The last epoch whose record is here, or that of each run; -1 for none. */
  readonly known?: number | number[];
  store(arrays: FrameArrays, shown: number, restart?: boolean): void;
  forgetAfter(epoch: number): void;
  losses(frame: FrameLike): Losses;
}

/** A frame of one run, or of several. */
export interface FrameLike {
  epoch: number;
}

/** What the player needs of the scene of one run, or of the scenes of several. */
export interface SceneLike {
  frame: FrameLike | null;
  readonly frameBytes: number;
  arrange(setup: PlayerSetup, arrays: SceneArrays): void;
  load(frame: FrameLike, playing: boolean): void;
  hold(on: boolean): void;
  settle(): boolean;
}

/** What the player needs of the views. */
export interface StageLike {
  element: HTMLElement;
  arrange(setup: PlayerSetup, fresh: boolean): void;
  draw(scene: SceneLike, options: DrawOptions, history: HistoryLike): void;
  rest(sentence: string): void;
  redrawLines(): void;
  retheme(): boolean;
  showTest(): void;
  /** Set the controls to the options that a link asks for. */
  preset?(options: ViewOptions): void;
  showArchitecture(architecture: Architecture): void;
  remove(): void;
}

/** What answers the player's requests: a server, or the file that the player is in. */
export interface WireLike {
  /** By which the requests are known; "" for none. */
  readonly token: string;
  connect(token: string): void;
  send(request: object): void;
  /** Forget the request that is on its way. */
  forget(): void;
  close(): void;
}

/** What the views ask of the player; a recorded run can be neither edited nor changed. */
export interface StageActions {
  choose: Choose;
  edit?(cell: Cell, place: PagePoint): void;
  repaint(): void;
  change?(change: Change): void;
  request(kind: string, fields?: Record<string, unknown>): void;
}

export type PlayerState = "playing" | "paused" | "finished" | "diverged";

/** The last state of the run from the server. */
export interface ServerState {
  state: RunState["state"];
  message: string;
  trained: number;
  best: number | null;
}

// ---- what the views are made of

/** A table of colours: pixels from full negative over neutral to full positive. */
export type ColourTable = Uint32Array;

/** The same as CSS colours, for strokes. */
export type StrokeTable = string[];

export interface DecisionTables {
  map: ColourTable;
  flat: ColourTable;
  classes: ColourTable[];
  hues: string[];
}

export interface DiagramTables {
  maps: ColourTable;
  /** The same in two colors, for Discretize. */
  flat: ColourTable;
  lines: StrokeTable;
}

/** A point of the plot, in pixels. */
export type PlotPoint = Point;

export type Context = CanvasRenderingContext2D;

/** A unit of the diagram in pixels, and its part of the picture of all maps. */
export interface DiagramNode extends PlotPoint {
  layer: number;
  unit: number;
  part?: [number, number, number, number];
}

/** The diagram as its lines need it. */
export interface Diagram {
  columns: DiagramNode[][];
  half: number;
}

export interface Wire {
  from: DiagramNode;
  to: DiagramNode;
}

/** A layer's numbers as cells: values[from ...], row after row. */
export interface Matrix {
  rows: number;
  columns: number;
  values: ArrayLike<number>;
  from: number;
  half: number;
}

/** A point of the data, as it is drawn. */
export interface DataPoint extends Point {
  part: string;
  name: string;
  example: number;
}

/** What a view draws: one run's scene, or the scenes of several. */
export type AnyScene = SceneLike & { epoch: number };

export interface ViewSettings {
  /** Whether the head has a "?". */
  help?: boolean;
  controls?: HTMLElement[];
  onTable?(): void;
}

/** A view as its panels use it. */
export interface ViewLike {
  readonly name: string;
  visible: boolean;
  width: number;
  /** How much larger than its own pixels the view is on the screen. */
  readonly zoom: number;
  theme: Theme | null;
  panel: HTMLElement;
  plot: HTMLElement;
  axes: PlotlyElement;
  details: HTMLDetailsElement;
  /** The figure's JSON, to see whether it has changed. */
  source: string | null;
  setFigure(figure: Figure): void;
  fit(): boolean;
  dress(theme: Theme): Promise<void>;
  draw(scene: AnyScene, options: DrawOptions, paint: unknown): void;
  showState(scene: AnyScene, options: DrawOptions): void;
  hit(point: PlotPoint): Hit | null;
  point(event: PagePoint): PlotPoint;
  label(sentence: string): void;
  describe(scene: AnyScene, options: DrawOptions, sentence: string, history: HistoryLike): string;
  tabulate(scene: AnyScene, options: DrawOptions, history: HistoryLike): TextTable[];
  showTables(tables: TextTable[]): void;
}
