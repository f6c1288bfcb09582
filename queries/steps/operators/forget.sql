-- What the steps before made for themselves.
DROP TABLE IF EXISTS temp.use_cells;
DROP TABLE IF EXISTS temp.usual;
DROP TABLE IF EXISTS temp.use_ways;
DROP TABLE IF EXISTS temp.elsewhere;
DROP TABLE IF EXISTS temp.odd_days;
DROP TABLE IF EXISTS temp.moved;
DROP TABLE IF EXISTS temp.doubts;
DROP TABLE IF EXISTS temp.day_ways;
DROP TABLE IF EXISTS temp.classed_ways;
DROP TABLE IF EXISTS temp.clusterable;
DROP TABLE IF EXISTS temp.way_cells;
DROP TABLE IF EXISTS temp.assigned;
DROP TABLE IF EXISTS temp.operator_cells;
