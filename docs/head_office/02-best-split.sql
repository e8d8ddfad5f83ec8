-- 2 来庁の多さごとに、待ちの最も短かった配分 / the split (交付:電子証明書) with the shortest waits, by terminals at work
-- and arrivals of an hour (steps of five). Terminals are rounded half up; means are compared in milliseconds.
WITH loaded AS (
    SELECT h.site AS site, h.day AS day, h.hour AS hour, sum(CAST(h.issued AS BIGINT)) AS arrivals,
           sum(CAST(h.wait_n AS BIGINT)) AS n, sum(CAST(h.wait_sum_s AS BIGINT)) AS wait_s,
           sum(CASE WHEN l.meaning = 'issuance' THEN CAST(floor(h.terminals * 3600 + 0.5) AS BIGINT) ELSE 0 END) AS cards_s,
           sum(CASE WHEN l.meaning = 'certificate' THEN CAST(floor(h.terminals * 3600 + 0.5) AS BIGINT) ELSE 0 END) AS certificates_s
    FROM hours AS h JOIN lanes AS l ON l.site = h.site AND l.day = h.day AND l.lane = h.lane
    WHERE l.meaning = 'issuance' OR l.meaning = 'certificate'
    GROUP BY h.site, h.day, h.hour
), rounded AS (
    SELECT site, n, wait_s, arrivals - arrivals % 5 AS arrivals_from,
           CAST(floor((cards_s + 1800) / 3600) AS BIGINT) AS cards,
           CAST(floor((certificates_s + 1800) / 3600) AS BIGINT) AS certificates
    FROM loaded
    WHERE n > 0
), splits AS (
    SELECT arrivals_from, cards, certificates, count(*) AS hours_seen, count(DISTINCT site) AS sites,
           sum(n) AS people, sum(wait_s) AS waited_s
    FROM rounded
    GROUP BY arrivals_from, cards, certificates
), means AS (
    SELECT cards + certificates AS terminals, arrivals_from, cards, certificates, hours_seen, sites,
           CAST(floor(1000 * waited_s / CASE WHEN people > 0 THEN people ELSE 1 END) AS BIGINT) AS mean_ms,
           CAST(floor((2 * waited_s + people) / (2 * CASE WHEN people > 0 THEN people ELSE 1 END)) AS BIGINT) AS mean_s
    FROM splits
), ranked AS (
    SELECT terminals, arrivals_from, cards, certificates, hours_seen, sites, mean_s,
           row_number() OVER (PARTITION BY terminals, arrivals_from ORDER BY mean_ms, cards) AS place
    FROM means
)
SELECT terminals, arrivals_from, cards, certificates, hours_seen, sites, mean_s
FROM ranked
WHERE place = 1
ORDER BY terminals, arrivals_from;
