-- 7 市職員への引継ぎの時間 / hand-offs to city staff: seconds from raised to taken and from taken to settled,
-- median and nine of ten by nearest rank.
WITH ranked AS (
    SELECT site, to_taken_s, to_settled_s,
           row_number() OVER (PARTITION BY site ORDER BY CASE WHEN to_taken_s IS NULL THEN 1 ELSE 0 END, to_taken_s) AS taken_rank,
           row_number() OVER (PARTITION BY site ORDER BY CASE WHEN to_settled_s IS NULL THEN 1 ELSE 0 END, to_settled_s) AS settled_rank
    FROM escalations
), counted AS (
    SELECT site, count(*) AS raised, count(to_taken_s) AS taken, count(to_settled_s) AS settled
    FROM escalations
    GROUP BY site
)
SELECT c.site AS site, c.raised AS raised, c.taken AS taken,
       min(CASE WHEN 2 * r.taken_rank >= c.taken THEN r.to_taken_s ELSE NULL END) AS taken_median_s,
       min(CASE WHEN 10 * r.taken_rank >= 9 * c.taken THEN r.to_taken_s ELSE NULL END) AS taken_p90_s,
       c.settled AS settled,
       min(CASE WHEN 2 * r.settled_rank >= c.settled THEN r.to_settled_s ELSE NULL END) AS settled_median_s,
       min(CASE WHEN 10 * r.settled_rank >= 9 * c.settled THEN r.to_settled_s ELSE NULL END) AS settled_p90_s
FROM counted AS c JOIN ranked AS r ON r.site = c.site
GROUP BY c.site, c.raised, c.taken, c.settled
ORDER BY c.site;
