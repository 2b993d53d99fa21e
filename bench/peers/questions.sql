-- one_hop
SELECT b.key, b.kind, b.year, r.type, r.weight
FROM relationship r JOIN entity b ON b.id = r.object
WHERE r.subject = $1

-- within_2
WITH RECURSIVE near(id, depth) AS (
  SELECT $1, 0
  UNION
  SELECT r.object, near.depth + 1
  FROM near JOIN relationship r ON r.subject = near.id
  WHERE near.depth < 2)
SELECT count(DISTINCT id) FROM near WHERE id <> $1

-- within_3
WITH RECURSIVE near(id, depth) AS (
  SELECT $1, 0
  UNION
  SELECT r.object, near.depth + 1
  FROM near JOIN relationship r ON r.subject = near.id
  WHERE near.depth < 3)
SELECT count(DISTINCT id) FROM near WHERE id <> $1

-- filtered_2
SELECT count(*), count(DISTINCT b.id)
FROM relationship r
JOIN relationship s ON s.subject = r.object AND s.type = 0
JOIN entity b ON b.id = s.object
WHERE r.subject = $1 AND r.type = 0 AND b.year >= 2000 AND b.kind = 'KIND_1'

-- paths_4
SELECT
  (SELECT count(*) FROM relationship r WHERE r.subject = $1 AND r.object = $2)
  + (SELECT count(*)
     FROM relationship r JOIN relationship s ON s.subject = r.object
     WHERE r.subject = $1 AND s.object = $2 AND r.object <> $2)
  + (SELECT count(*)
     FROM relationship r JOIN relationship s ON s.subject = r.object
     JOIN relationship t ON t.subject = s.object
     WHERE r.subject = $1 AND t.object = $2
       AND r.object <> $2 AND s.object NOT IN ($1, $2))
  + (SELECT count(*)
     FROM relationship r JOIN relationship s ON s.subject = r.object
     JOIN relationship t ON t.subject = s.object
     JOIN relationship u ON u.subject = t.object
     WHERE r.subject = $1 AND u.object = $2
       AND r.object <> $2 AND s.object NOT IN ($1, $2)
       AND t.object NOT IN ($1, $2) AND t.object <> r.object)

-- trails_4
SELECT
  (SELECT count(*) FROM relationship r WHERE r.subject = $1)
  + (SELECT count(*)
     FROM relationship r JOIN relationship s ON s.subject = r.object
     WHERE r.subject = $1)
  + (SELECT count(*)
     FROM relationship r JOIN relationship s ON s.subject = r.object
     JOIN relationship t ON t.subject = s.object
     WHERE r.subject = $1 AND t.id <> r.id)
  + (SELECT count(*)
     FROM relationship r JOIN relationship s ON s.subject = r.object
     JOIN relationship t ON t.subject = s.object
     JOIN relationship u ON u.subject = t.object
     WHERE r.subject = $1 AND t.id <> r.id AND u.id <> r.id AND u.id <> s.id)

-- reach
WITH RECURSIVE near(id) AS (
  SELECT $1
  UNION
  SELECT r.object FROM near JOIN relationship r ON r.subject = near.id)
SELECT count(*) - 1 FROM near

-- shortest
WITH RECURSIVE near(id, depth) AS (
  SELECT $1, 0
  UNION
  SELECT r.object, near.depth + 1
  FROM near JOIN relationship r ON r.subject = near.id
  WHERE near.depth < 20)
SELECT depth FROM near WHERE id = $2 LIMIT 1
