"""Pictures of recorded numbers: each module turns them into a Plotly figure and draws nothing else.

Read `palette` (colours), `text` (numbers and names in words) and `sheet` (the empty figure) first;
then `network`, `decision`, `curves`, `weights`, `deltas` and `report` are one picture each.
"""
