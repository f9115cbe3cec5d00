"""Weather: what the forecast says for a gathering, days and hours ahead. It warns and never decides."""
