"""Symbols: the letters of the formulas, each with its one meaning and the indices of one number.

j is a unit of its layer, k one of the layer below, i an example, q one of all parameters. Nielsen,
Neural Networks and Deep Learning, ch. 2, with one column per example.
"""

from engine.nn.formula import Command, Forms, Label, Partial, Symbol, Terms

LAST = "L"  # the layer of the outputs, before a network gives its number

W = Symbol("W", indices="jk")
b = Symbol("b", indices="j")
z = Symbol("z", indices="ji")
a = Symbol("a", indices="ji")
a_masked = Symbol(r"\tilde a", indices="ji", letter="a\u0303")
M = Symbol("M", indices="ji")
delta = Symbol(r"\delta", indices="ji")
y = Symbol("y", indices="ji")
w = Symbol("w", indices="i")  # how much each example counts
J = Symbol("J")
ones = Symbol(r"\mathbf{1}", letter="1")
L = Symbol("L")
n, K, p = Symbol("n"), Symbol("K"), Symbol("p")
f_of_one = Symbol("f(z)").always_one("j")  # where a unit's output depends on all z of its layer

theta = Symbol(r"\theta", indices="q")
g = Symbol("g", indices="q")
v = Symbol("v", indices="q")
s = Symbol("s", indices="q")
m = Symbol("m", indices="q")
m_hat = Symbol(r"\hat m", indices="q", word="m_hat", letter="m\u0302")
v_hat = Symbol(r"\hat v", indices="q", word="v_hat", letter="v\u0302")
s_start = Forms(s.always_one("0"), s.always_one("q0"))
eta, eta_hat = Symbol(r"\eta"), Symbol(r"\hat\eta", word="eta_hat", letter="η\u0302")
mu, rho, epsilon = (
    Symbol(r"\mu", word="mu"),
    Symbol(r"\rho", word="rho"),
    Symbol(r"\epsilon", word="eps"),
)
beta1, beta2 = Symbol(r"\beta_1", word="beta1"), Symbol(r"\beta_2", word="beta2")
t = Symbol("t")
lambda1, lambda2 = Symbol(r"\lambda_1", word="lambda1"), Symbol(r"\lambda_2", word="lambda2")
lambda_w = Symbol(r"\lambda_w")
c_g, c_W = Symbol("c_g"), Symbol("c_W")
Phi, sigma, z_positive = Symbol(r"\Phi"), Symbol(r"\sigma"), Symbol("[z > 0]")

times_sign, over_sign = Symbol(r"\odot"), Symbol(r"\oslash")
times = Forms(times_sign, r"\,")  # element by element; numbers need no sign
over = Forms(over_sign, "/")
total = Symbol(r"\sum")
sum_over_outputs = Symbol(r"\sum", indices="i,j")
sum_over_weights = Symbol(r"\sum", indices="l,j,k")


def square(term: Terms) -> Forms:
    """Return the square of a term, element by element."""
    return Forms((term, " ", times, " ", term), (term, "^2"))


def length(term: Terms) -> Label:
    """Return the length of a vector, named as one number."""
    return Label(Command(r"\lVert %s \rVert", "‖%s‖", (term,)), "length")


def one_minus(symbol: Symbol, power: str = "") -> Label:
    """Return 1 less a symbol or its power, named as one number."""
    word = f"one_minus_{symbol.word}" + (f"_{power}" if power else "")
    return Label(("1 - ", symbol, f"^{power}" if power else ""), word)


dW, db = Partial(W), Partial(b)


times_weights: Terms = (" ", times, " ", w)


def times_mask(l: int) -> Terms:
    """Return the terms that multiply by the mask of layer l."""
    return (" ", times, " ", M.at(l), " / (1 - ", p, ")")


def times_slope(l: int) -> Terms:
    """Return the terms that multiply by the slope of layer l."""
    return (" ", times, " f'(", z.at(l), ")")
