"""Made-up files with the structure of real ones: what surrounds a table, and how it is cut.

Each file has the shape and the first names that a careful person would read from it. The rules of
the reader were written with `BEFORE` at hand (9 of 41 were right without them, then all); `AFTER`
was written when they stood, and judged them (43 of 46 at the first try).
"""

import random
from typing import NamedTuple


class Made(NamedTuple):
    """A file and what a right reader finds in it."""

    data: bytes
    shape: tuple[int, int]
    names: list[str]  # the first ones; [] where none are told


def lines(*rows: str, end: str = "\n") -> str:
    """The rows as text."""
    return "".join(row + end for row in rows)


def numbers(count: int, width: int, mark: str = ",", seed: int = 0, form: str = "{:.1f}"):
    """Rows of numbers."""
    rng = random.Random(seed)
    return [mark.join(form.format(rng.uniform(0, 90)) for _ in range(width)) for _ in range(count)]


def monthly(years: int, form: str):
    """Rows of a climate station: year, month and five values."""
    rng = random.Random(years)
    for year in range(1950, 1950 + years):
        for month in range(1, 13):
            yield form.format(year, month, *(rng.uniform(1, 150) for _ in range(5)))


STATION = "{:7d}{:4d}{:8.1f}{:8.1f}{:8.1f}{:8.1f}{:8.1f}"
STATION_NAMES = "   yyyy  mm   tmax    tmin      af    rain     sun"
STATION_UNITS = "              degC    degC    days      mm   hours"


def prose_above():
    """Prose, and columns that blanks align."""
    body = list(monthly(3, STATION))
    text = lines("Northern Harbour", "Location 4200E 5300N, Lat 51.4 Lon -0.4, 25 metres amsl")
    text += lines("Estimated data is marked with a * after the value.")
    text += lines("Missing data is marked by ---.", STATION_NAMES, STATION_UNITS, *body)
    yield "station with names and units", text, (36, 7), ["yyyy"]
    marked = [line if i % 5 else line[:19] + "     ---" + line[27:] for i, line in enumerate(body)]
    tail = [line + "  Provisional" for line in marked[-3:]]
    yield (
        "station, missing, provisional at the end",
        lines("Some Place", STATION_NAMES, STATION_UNITS, *marked[:-3], *tail),
        (36, 7),
        ["yyyy"],
    )
    yield "prose of four words over seven", lines("These are four words", *body), (36, 7), []
    yield (
        "two columns by blanks under long prose",
        lines(
            "This file was written by the logger in the cellar.",
            "It holds depth in metres and the temperature there.",
            "",
            "depth temp",
            *(f"{i:5d}   {20 - i / 10:.2f}" for i in range(30)),
        ),
        (30, 2),
        ["depth", "temp"],
    )
    rows = [
        f"{name:<18}{i:4d}{i * 1.7:10.2f}" for i, name in enumerate(["Oslo", "Rome", "Bern"] * 6)
    ]
    yield (
        "a column of words first",
        lines("Cities that were asked", "", "city               n        km", *rows),
        (18, 3),
        ["city", "n", "km"],
    )
    yield (
        "two words in a cell",
        lines(
            "name               n        km",
            *(
                f"{name:<18}{i:4d}{i * 1.7:10.2f}"
                for i, name in enumerate(["New York", "Rome", "Los Angeles", "Bern"] * 5)
            ),
        ),
        (20, 3),
        ["name", "n", "km"],
    )


def key_values():
    """Settings above a table."""
    keys = [f'"Key {i}:","{i * 3}"' for i in range(9)]
    yield (
        "nine settings over a small table",
        lines('"Report of a plant"', *keys, "", '"Month","AC","Sun","Value"')
        + lines(*(f'"{i}","{i * 100}","{i * 2.5}","{i * 7}"' for i in range(1, 7))),
        (6, 4),
        ["Month", "AC"],
    )
    settings = ["Station;North", "Height;120 m", "Sensor;PT100", "Serial;77-12", "Version;2.1"]
    yield (
        "settings right above the names",
        lines(*settings, "Time;Temp;Hum;Wind") + lines(*numbers(12, 4, ";")),
        (12, 4),
        ["Time", "Temp", "Hum", "Wind"],
    )
    yield (
        "settings by colon",
        lines("Device: ABC 12", "Date: 2020-05-05", "Rate: 50 Hz", "", "t,x,y,z")
        + lines(*numbers(15, 4)),
        (15, 4),
        ["t", "x", "y", "z"],
    )
    yield (
        "settings padded to the table's width",
        lines("Device,ABC,,,", "Rate,50,,,", ",,,,", "t,x,y,z,k", *numbers(15, 5)),
        (15, 5),
        ["t", "x", "y", "z", "k"],
    )


def several_tables():
    """More than one table in a file."""
    first, other = numbers(14, 3), numbers(6, 3, seed=1)
    yield (
        "the larger one is second",
        lines("kind,count", "red,5", "blue,7", "", "x,y,z,k,m", *numbers(20, 5)),
        (20, 5),
        ["x", "y", "z", "k", "m"],
    )
    yield (
        "the larger one is first",
        lines("x,y,z", *first, "", "sum of,n", "red,5", "blue,7"),
        (14, 3),
        ["x", "y", "z"],
    )
    yield "two alike", lines("a,b,c", *first, "", "a,b,c", *other), (14, 3), ["a", "b", "c"]


def several_headers():
    """Rows of names, types, units and flags."""
    rng = random.Random(4)
    rows = [
        f"{rng.randint(20, 80)}\t{rng.choice('mf')}\t{rng.randint(150, 300)}\t{rng.choice('01')}"
        for _ in range(20)
    ]
    names = "age\tsex\tchol\tnarrow"
    flags = lines("c\td\tc\td", "\t\t\tclass")
    yield "types c, d", lines(names) + flags + lines(*rows), (20, 4), ["age", "sex"]
    long = lines("continuous\tm f\tcontinuous\t0 1", "meta\t\t\tclass")
    yield "types in words", lines(names) + long + lines(*rows), (20, 4), ["age", "sex"]
    units = lines("Date/Time,Temp,Wind,Rain", ",°C,m/s,mm", ",Avg,Avg,Tot")
    days = [f"2020-05-{i + 1:02d},{i / 2},{i / 4:.2f},{i % 3}" for i in range(25)]
    yield "units and kinds", units + lines(*days), (25, 4), ["Date/Time"]
    toa = lines(
        '"TOA5","CR1000","CR1000","8767","CR1000.Std.31","CPU:prog.CR1","37412","Table1"',
        '"TIMESTAMP","RECORD","BattV","AirTC","RH"',
        '"TS","RN","Volts","Deg C","%"',
        '"","","Min","Avg","Smp"',
    )
    stamps = [f'"2019-03-{i + 1:02d} 00:00:00",{i},12.{i},{i}.5,80.1' for i in range(20)]
    yield "a logger's four lines", toa + lines(*stamps), (20, 5), ["TIMESTAMP TS", "RECORD RN"]
    cars = [f"car {i};{i + 10}.0;{i * 3};{'US' if i % 2 else 'Japan'}" for i in range(22)]
    yield (
        "type words",
        lines("Car;MPG;Weight;Origin", "STRING;DOUBLE;INT;CAT", *cars),
        (22, 4),
        ["Car", "MPG", "Weight", "Origin"],
    )
    yield (
        "types as programs call them",
        lines(
            "id,x,name,ok", "int,float,str,bool", *(f"{i},{i / 3:.2f},n{i},True" for i in range(9))
        ),
        (9, 4),
        ["id", "x", "name", "ok"],
    )


def times_with_blanks():
    """Date-times with blanks inside."""
    yield (
        "twelve hours",
        lines("time,t", *(f"05/14/21 12:{i:02d}:32 AM,{i}.00" for i in range(10))),
        (10, 2),
        ["time", "t"],
    )
    yield (
        "from - to",
        lines(
            "MTU,price",
            *(f"01.01.2018 {i:02d}:00 - 01.01.2018 {i + 1:02d}:00,{i}.5" for i in range(20)),
        ),
        (20, 2),
        ["MTU", "price"],
    )
    yield (
        "weekday and month in words",
        lines("when;load", *(f"Mon 3 May 2021 {i:02d}:00;{i * 3}" for i in range(20))),
        (20, 2),
        ["when", "load"],
    )
    yield (
        "alone, a column of its own",
        lines("when", *(f"2021-05-03 {i:02d}:00:00" for i in range(20))),
        (20, 1),
        ["when"],
    )


def ends():
    """What stands under a table."""
    months = [f"2020-{i:02d},{i * 31},{i * 2.5}" for i in range(1, 13)]
    yield "a total", lines("Month,AC,Sun", *months, "Total,2418,195.0"), (12, 3), ["Month"]
    yield (
        "a total and a remark",
        lines("Month,AC,Sun", *months, "Sum,2418,195.0", "", "Source: the plant"),
        (12, 3),
        ["Month"],
    )
    yield (
        "remarks of some commas",
        lines("Month,AC,Sun", *months, "", "Note, all values are rough, and rounded"),
        (12, 3),
        ["Month"],
    )
    yield (
        "a word Total that is a category",
        lines(
            "group,n,x", *(f"{g},{i},{i * 2}" for i in range(6) for g in ("Men", "Women", "Total"))
        ),
        (18, 3),
        ["group"],
    )


def trailing():
    """Delimiters at the end of lines, and row names."""
    rows = [f"{i};{i * 101};{16 - i / 2};" for i in range(1, 20)]
    yield "below only", lines("day;sales;temp", *rows), (19, 3), ["day", "sales", "temp"]
    yield "above, too", lines("day;sales;temp;", *rows), (19, 3), ["day", "sales", "temp"]
    yield (
        "two at the end of each line",
        lines(
            "Date;CO;NOx;;", *(f"{i}/03/2004;2,{i};16{i};;" for i in range(1, 20)), ";;;;", ";;;;"
        ),
        (19, 3),
        ["Date", "CO", "NOx"],
    )
    words = ["Mazda RX4", "Datsun 710", "Fiat 128", "Toyota", "Merc 230"]
    yield (
        "row names in words",
        lines('"mpg","cyl"', *(f'"{w} {i}",{20 + i},{i}' for i, w in enumerate(words * 3))),
        (15, 3),
        ["row", "mpg", "cyl"],
    )
    yield (
        "row names by blanks",
        lines("mpg cyl hp", *(f'"{w} {i}" {20 + i} {i} {i * 9}' for i, w in enumerate(words * 3))),
        (15, 4),
        ["row", "mpg", "cyl", "hp"],
    )


def names():
    """Names that look like something else."""
    genes = [f"gene {i},{i * 3 - 12},{i + 55},{i * 7}" for i in range(12)]
    yield "numbers as names", lines("Gene,1,2,3", *genes), (12, 4), ["Gene", "1", "2", "3"]
    wide = [f"land {i},{i * 3.5},{i + 5.1},{i * 7.2}" for i in range(12)]
    yield "years as names", lines("Country,1990,1991,1992", *wide), (12, 4), ["Country", "1990"]
    yield (
        "faults of a spreadsheet below the names",
        lines("a,b,y", "#N/A,#DIV/0!,0", *(f"{i},{i / 10},{i % 2}" for i in range(20))),
        (21, 3),
        ["a", "b", "y"],
    )
    pairs = ["Anna Maria", "John Paul", "Eva Luise", "Karl Heinz"]
    yield "one column of two words", lines("name", *pairs * 5), (20, 1), ["name"]
    yield (
        "apostrophes",
        lines("word,n", *(f"'{w}' it's,{i}" for i, w in enumerate(["n", "rock", "t"] * 5))),
        (15, 2),
        ["word", "n"],
    )


def encodings():
    """Encodings and ends of lines."""
    late = b"a,b\r" + b"1,2\r" * 600 + b"x,\xe9\r" * 20
    yield "CR only, an accent late", late, (620, 2), ["a", "b"]
    text = lines("SEP=;", "größe;y", *(f"{i},5;{i}" for i in range(20)), end="\r\n")
    yield "SEP in capitals, cp1252", text.encode("cp1252"), (20, 2), ["größe", "y"]
    wide = lines("Sep=\t", "a\tb", *(f"{i}\t{i}" for i in range(9)), end="\r\n")
    yield "sep, UTF-16", wide.encode("utf-16"), (9, 2), ["a", "b"]
    yield (
        "comments of a program",
        lines("# made by a program", "# rate 50", "#t v w", *numbers(10, 3, " ")),
        (10, 3),
        [],
    )


def collected(*families) -> dict[str, Made]:
    """The files of some families by name."""
    made = {}
    for family in families:
        for name, text, shape, first in family():
            data = text if isinstance(text, bytes) else text.encode()
            made[f"{family.__name__}: {name}"] = Made(data, shape, first)
    return made


BEFORE = collected(
    prose_above,
    key_values,
    several_tables,
    several_headers,
    times_with_blanks,
    ends,
    trailing,
    names,
    encodings,
)


def old_archives():
    """Tables without names, as the archives of the nineties have them."""
    rng = random.Random(7)
    cars = [
        f"{15 + i}.0   {rng.choice([4, 6, 8])}   {rng.uniform(80, 400):.1f}      {i * 3 + 60}.0    "
        f'{rng.randint(1600, 5000)}.      {rng.uniform(8, 20):.1f}   70  {i % 3 + 1}\t"make {i} x"'
        for i in range(30)
    ]
    yield "blanks, and a tab before the last", lines(*cars), (30, 9), []
    rows = [
        " ".join(f"{rng.uniform(0, 9):9.4f}" for _ in range(5)) + f" {i % 2:3d}" for i in range(25)
    ]
    yield "aligned, blank first", lines(*rows), (25, 6), []
    yield "aligned, a blank at the end", lines(*(f"{row} " for row in rows)), (25, 6), []
    tabbed = ["\t".join(row.split()) for row in rows]
    tabbed[3] = tabbed[3].replace("\t", "\t\t", 1)
    tabbed[8] = tabbed[8].replace("\t", "\t\t", 2)
    yield "a tab too many in two lines", lines(*tabbed), (25, 6), []
    names = [f"AAT{i}_ECOLI   0.4{i % 10}  0.29  0.48  0.50  cp" for i in range(20)]
    yield "a name, numbers, a class", lines(*names), (20, 6), []
    people = [f"{20 + i}, Private, {i * 1000 + 7}, Some-college, {i % 9}, <=50K" for i in range(20)]
    yield "comma and blank, no names", lines(*people, ""), (20, 6), []
    note = lines("|1x3 Cross validator", *(f"{one}." for one in people))
    yield "a remark of the program first", note, (20, 6), []
    codes = [f"A1{i % 4} {6 + i} A34 A43 {1000 + 37 * i} A6{i % 5} {i % 2 + 1}" for i in range(30)]
    yield "codes and numbers by one blank", lines(*codes), (30, 7), []
    letters = [",".join(rng.choice("pexbyn") for _ in range(8)) for _ in range(40)]
    yield "letters only", lines(*letters), (40, 8), []
    lenses = [f"{i + 1:2d}  {i % 3 + 1}  {i % 2 + 1}  1  {i % 3 + 1}" for i in range(24)]
    yield "small whole numbers by two blanks", lines(*lenses), (24, 5), []


def weather_services():
    """Files of weather services."""
    rng = random.Random(8)
    co2 = [
        f"{1958 + i // 12}  {i % 12 + 1:2d}  {1958 + i / 12:9.4f}   {315 + i / 9:6.2f}   "
        f"{rng.uniform(1, 30):4.0f}"
        for i in range(40)
    ]
    head = [
        "# ------------",
        "# Use of these data: ask first, please.",
        "#",
        "#    year month decimal mean days",
    ]
    yield "comments with the names in the last", lines(*head, *co2), (40, 5), []
    months = "Year,Jan,Feb,Mar,Apr,May,Jun"
    temps = [f"{1880 + i},-.1{i % 10},.2{i % 7},-.05,.1,***,.03" for i in range(30)]
    yield (
        "a title over the names",
        lines("Land-Ocean: Global Means", months, *temps),
        (30, 7),
        ["Year", "Jan"],
    )
    nino = [
        f"{1950 + i // 12:4d}  {i % 12 + 1:2d}   {24 + i % 5}.{i % 9}3   26.18   "
        f"{-1.5 + i / 50:5.2f}"
        for i in range(40)
    ]
    yield (
        "names that stand to the left",
        lines(" YR   MON  TOTAL ClimAdjust ANOM", *nino),
        (40, 5),
        ["YR", "MON", "TOTAL"],
    )
    spots = [
        f"17{49 + i // 12};{i % 12 + 1:02d};17{49 + i // 12}.042;{rng.uniform(3, 150):6.1f};"
        " -1.0;   -1;1"
        for i in range(36)
    ]
    yield "semicolons with blanks for the width", lines(*spots), (36, 7), []
    dwd = [
        f"        433;201901{i:02d};   10;{i / 2:7.1f};{i % 8:6.1f};  -999;eor"
        for i in range(1, 31)
    ]
    yield (
        "an end mark in each line",
        lines("STATIONS_ID;MESS_DATUM;QN_3;  FX; RSK;NM;eor", *dwd),
        (30, 7),
        ["STATIONS_ID", "MESS_DATUM", "QN_3", "FX"],
    )
    knmi = [
        "# SOURCE: THE INSTITUTE",
        "# STN      LON(east)   LAT(north)",
        "# 260:         5.180       52.100",
        "# ",
        "# STN,YYYYMMDD,   FG,   TG",
        "#",
    ]
    yield (
        "names in a comment",
        lines(*knmi, *(f"  260,201901{i:02d},   {i + 20},   {i * 7 % 90}" for i in range(1, 31))),
        (30, 4),
        [],
    )


def offices():
    """Exports of statistical offices, banks and search engines."""
    rng = random.Random(9)
    years = ",".join(f'"{y}"' for y in range(1990, 2000))
    body = [
        f'"Land {i}","L{i:02d}","Population",'
        + ",".join(f'"{rng.randint(1, 99)}{j}00"' for j in range(10))
        + ","
        for i in range(25)
    ]
    bank = [
        '"Data Source","World Indicators",',
        "",
        '"Last Updated Date","2020-01-01",',
        "",
        f'"Country Name","Country Code","Indicator Name",{years},',
    ]
    yield (
        "settings, blank lines, commas at the end",
        lines(*bank, *body),
        (25, 13),
        ["Country Name", "Country Code"],
    )
    trend = lines(
        "Category: All categories",
        "",
        "Week,maths: (Worldwide)",
        *(f"2019-{i // 4 + 1:02d}-{i % 4 * 7 + 1:02d},{rng.randint(0, 100)}" for i in range(48)),
    )
    yield "a category above", trend, (48, 2), ["Week", "maths: (Worldwide)"]
    account = lines(
        '"Kontonummer:";"DE12 3456 / Girokonto";',
        "",
        '"Von:";"01.01.2020";',
        '"Bis:";"31.01.2020";',
        '"Kontostand:";"1.234,56 EUR";',
        "",
        '"Buchungstag";"Wertstellung";"Buchungstext";"Auftraggeber";"Betrag (EUR)";',
        *(
            f'"{i:02d}.01.2020";"{i:02d}.01.2020";"Lastschrift";"Laden {i}";"-{i * 3},50";'
            for i in range(1, 21)
        ),
    )
    yield "a bank account", account.encode("cp1252"), (20, 5), ["Buchungstag", "Wertstellung"]
    geo = lines(
        "geo,unit\\time\t2010 \t2011 \t2012 ",
        *(
            f"{c}{d},PC\t{i}.1 \t: \t{i}.3 b"
            for i, (c, d) in enumerate(zip("ABCDEFGH", "TEHKEIRU", strict=True))
        ),
    )
    yield "tabs, and a key of two parts", geo, (8, 4), []
    pv = lines(
        "Plant,Home,,",
        "Peak,5.2 kWp,,",
        ",,,",
        "Day,Yield,Own,Fed",
        *(f"{i}.5.2020,{i * 3},{i},{i * 2}" for i in range(1, 15)),
        ",,,",
        "Total,315,105,210",
    )
    yield "settings, a total after a blank line", pv, (14, 4), ["Day", "Yield", "Own", "Fed"]
    de = lines(
        "Monat;Umsatz;Kosten",
        *(
            f"{m};{100 + i},5;{50 + i}"
            for i, m in enumerate(["Januar", "Februar", "März", "April", "Mai", "Juni"])
        ),
        "Gesamt;618,0;315",
    )
    yield "Gesamt", de, (6, 3), ["Monat", "Umsatz"]
    mean = lines(
        "who,a,b", *(f"P{i},{i},{i * 2}" for i in range(1, 10)), "Sum,45,90", "Average,5,10"
    )
    yield "a sum and an average", mean, (9, 3), ["who", "a", "b"]
    unnamed = lines("who,a,b", *(f"P{i},{i},{i * 2}" for i in range(1, 10)), ",45,90")
    yield "a total without a word", unnamed, (9, 3), ["who", "a", "b"]


def instruments():
    """What loggers, oscilloscopes and laboratories write."""
    rng = random.Random(10)
    hobo = ['"Plot Title: Cellar"', '"#","Date Time, GMT+02:00","Temp, °C","RH, %"']
    yield (
        "a title, names with commas",
        lines(*hobo, *(f"{i},05/{i:02d}/18 10:00:00 AM,{i}.125,{40 + i}.5" for i in range(1, 29))),
        (28, 4),
        ["#", "Date Time, GMT+02:00", "Temp, °C", "RH, %"],
    )
    scope = lines(
        "X,CH1,CH2",
        "Sequence,Volt,Volt",
        *(f"{i},{rng.uniform(-1, 1):.3e},{rng.uniform(-1, 1):.3e}" for i in range(40)),
    )
    yield "units that are words", scope, (40, 3), ["X Sequence"]
    uv = lines(
        "Sample 1,,Sample 2,",
        "Wavelength (nm),Abs,Wavelength (nm),Abs",
        *(f"{800 - i},{i / 99:.4f},{800 - i},{i / 88:.4f}" for i in range(30)),
        "",
        "Sample 1",
        "Collection Time: 1/1/2020",
        "Operator: Ann",
    )
    yield "pairs of columns, a log below", uv, (30, 4), []
    gct = lines(
        "#1.2",
        "20\t4",
        "Name\tDescription\ts1\ts2\ts3\ts4",
        *(f"g{i}\tgene {i}\t{i}\t{i * 2}\t{i * 3}\t{i * 5 % 7}" for i in range(20)),
    )
    yield "a version and a size above", gct, (20, 6), ["Name", "Description", "s1"]
    geo = lines(
        '!Series_title\t"Some study"',
        '!Series_type\t"Expression"',
        "",
        "!table_begin",
        '"ID_REF"\t"GSM1"\t"GSM2"\t"GSM3"',
        *(f'"{1000 + i}_at"\t{i}.5\t{i}.25\t{i * 3}' for i in range(20)),
        "!table_end",
    )
    yield "marks at the begin of other lines", geo, (20, 4), ["ID_REF", "GSM1", "GSM2", "GSM3"]
    ini = lines(
        "[Header]",
        "Device=K7",
        "Serial=12",
        "",
        "[Data]",
        "t;u;i",
        *(f"{i};{i},5;{i * 2}" for i in range(15)),
    )
    yield "sections", ini, (15, 3), ["t", "u", "i"]
    kinds = lines(
        "Temp;Druck;Feuchte", "°C;hPa;%", *(f"{i},5;{1000 + i};{40 + i}" for i in range(15))
    )
    yield "units, decimal commas", kinds, (15, 3), ["Temp °C", "Druck hPa", "Feuchte %"]


def programs():
    """What programs write: pandas, R, SQL shells, spreadsheets."""
    frame = lines(",a,b,c", *(f"{i},{i * 2},{i / 3:.3f},x{i % 3}" for i in range(20)))
    yield "an index without a name", frame, (20, 4), []
    numbered = lines("0,1,2,3", *numbers(20, 4))
    yield "names that count from nothing", numbered, (20, 4), ["0", "1", "2", "3"]
    r_names = lines(
        "x y z", *(f"{i} {i * 2} {i / 3:.3f} {i % 3}" for i in (1, 2, 4, 5, 8, 9, 11, 12))
    )
    yield "numbers of rows with some left out", r_names, (8, 4), ["row", "x", "y", "z"]
    sql = lines(
        "+----+-------+-------+",
        "| id | name  | price |",
        "+----+-------+-------+",
        *(f"| {i:2d} | name{i} | {i}.50 |" for i in range(10, 22)),
        "+----+-------+-------+",
    )
    yield "a box of a shell", sql, (12, 3), ["id", "name", "price"]
    md = lines(
        "| id | name | price |", "|---|:--|--:|", *(f"| {i} | n{i} | {i}.5 |" for i in range(12))
    )
    yield "a table of a text", md, (12, 3), ["id", "name", "price"]
    ruled = lines(
        "id name  price", "-- ----- -----", *(f"{i:2d} n{i:<4d} {i}.50" for i in range(10, 22))
    )
    yield "a line under the names", ruled, (12, 3), ["id", "name", "price"]
    bom = "\ufeff" + lines("größe;x", *(f"{i};{i}" for i in range(9)), end="\r\n")
    yield "a mark of the order of bytes", bom, (9, 2), ["größe", "x"]
    spread = lines(",,,,", ",Name,Size,Price,", *(f",n{i},{i},{i * 2}," for i in range(12)))
    yield "an empty column on each side", spread, (12, 3), ["Name", "Size", "Price"]
    mac = lines("naïve,n", *(f"é{i},{i}" for i in range(20)), end="\r").encode("mac_roman")
    yield "CR, Macintosh", mac, (20, 2), []
    doubled = lines("a,b", *(f'{i},"he said ""{i}"" twice"' for i in range(12)), end="\r\r\n")
    yield "two CR and an LF", doubled, (12, 2), ["a", "b"]
    colon = lines("time", *(f"{i:02d}:30" for i in range(20)))
    yield "one column of clocks", colon, (20, 1), ["time"]
    urls = lines("page", *(f"https://example.org/{i}" for i in range(20)))
    yield "one column of addresses", urls, (20, 1), ["page"]
    full = lines("full name", *["Anna Maria", "John Paul", "Eva Luise"] * 6)
    yield "one column, two words above, too", full, (18, 1), ["full name"]
    orange = lines(
        "mS#name\tC#x\tC#y\tcD#kind", *(f"n{i}\t{i}\t{i / 2}\t{'ab'[i % 2]}" for i in range(12))
    )
    yield "marks before the names", orange, (12, 4), ["name", "x", "y", "kind"]
    zero = lines("a;b;c", *(f"{i};{i * 2};{i * 3};;" for i in range(12)))
    yield "two delimiters more than names", zero, (12, 3), ["a", "b", "c"]


AFTER = collected(old_archives, weather_services, offices, instruments, programs)
