-- 7 市職員への引継ぎの時間 / hand-offs to city staff: seconds from raised to taken and from raised to settled
-- (対応開始まで、決定まで), median and nine of ten by nearest rank. A case that is not settled counts in raised alone.
WITH handed AS (
    SELECT site, to_taken_s, to_settled_s FROM escalations
), counted AS (
    SELECT site, count(*) AS raised, count(to_taken_s) AS taken, count(to_settled_s) AS settled
    FROM handed
    GROUP BY site
), taken_ranked AS (
    SELECT site, to_taken_s, row_number() OVER (PARTITION BY site ORDER BY to_taken_s) AS place
    FROM handed
    WHERE to_taken_s IS NOT NULL
), settled_ranked AS (
    SELECT site, to_settled_s, row_number() OVER (PARTITION BY site ORDER BY to_settled_s) AS place
    FROM handed
    WHERE to_settled_s IS NOT NULL
), takings AS (
    SELECT r.site AS site, min(CASE WHEN 2 * r.place >= c.taken THEN r.to_taken_s ELSE NULL END) AS median_s,
           min(CASE WHEN 10 * r.place >= 9 * c.taken THEN r.to_taken_s ELSE NULL END) AS p90_s
    FROM taken_ranked AS r JOIN counted AS c ON c.site = r.site
    GROUP BY r.site
), settlings AS (
    SELECT r.site AS site, min(CASE WHEN 2 * r.place >= c.settled THEN r.to_settled_s ELSE NULL END) AS median_s,
           min(CASE WHEN 10 * r.place >= 9 * c.settled THEN r.to_settled_s ELSE NULL END) AS p90_s
    FROM settled_ranked AS r JOIN counted AS c ON c.site = r.site
    GROUP BY r.site
)
SELECT c.site AS site, c.raised AS raised, c.taken AS taken, t.median_s AS taken_median_s, t.p90_s AS taken_p90_s,
       c.settled AS settled, s.median_s AS settled_median_s, s.p90_s AS settled_p90_s
FROM counted AS c LEFT JOIN takings AS t ON t.site = c.site LEFT JOIN settlings AS s ON s.site = c.site
ORDER BY c.site;
