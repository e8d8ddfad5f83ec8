-- 9 必要な端末の台数 / terminals needed by site, lane and hour so that nine of ten wait at most the target, from the load:
--   needed = ceiling(arrivals x service / 3600 + 2.303 x service / target)
-- Of a queue with c terminals and load a, P(wait > t) <= exp(-(c - a) t / service) (M/M/c), and exp(-2.303) is a tenth.
-- service: mean seconds of the site's lane over all its days. For each hour the need on half of the days and on nine of ten
-- (nearest rank), beside the tenths of terminals that were at work on average.
WITH served AS (
    SELECT site, lane, sum(CAST(service_sum_s AS BIGINT)) AS sum_s, sum(CAST(service_n AS BIGINT)) AS n
    FROM hours
    WHERE service_n > 0
    GROUP BY site, lane
), lengths AS (
    SELECT site, lane, CAST(floor((2 * sum_s + n) / (2 * CASE WHEN n > 0 THEN n ELSE 1 END)) AS BIGINT) AS service_s
    FROM served
), targets AS (
    SELECT site, day, lane, CAST(CASE WHEN wait_target_s > 0 THEN wait_target_s ELSE 1 END AS BIGINT) AS target_s
    FROM lanes
), needs AS (
    SELECT h.site AS site, h.lane AS lane, h.hour AS hour, h.day AS day,
           CAST(floor(h.terminals * 3600 + 0.5) AS BIGINT) AS worked_s, s.service_s AS service_s,
           CASE WHEN h.issued > 0 THEN CAST(floor(
               (s.service_s * (1000 * CAST(h.issued AS BIGINT) * t.target_s + 8290800) + 3600000 * t.target_s - 1) / (3600000 * t.target_s)
           ) AS BIGINT) ELSE 0 END AS needed
    FROM hours AS h
        JOIN lengths AS s ON s.site = h.site AND s.lane = h.lane
        JOIN targets AS t ON t.site = h.site AND t.day = h.day AND t.lane = h.lane
), levels AS (
    SELECT site, lane, hour, needed, count(*) AS n, sum(worked_s) AS level_worked_s, max(service_s) AS service_s
    FROM needs
    GROUP BY site, lane, hour, needed
), reached AS (
    SELECT a.site AS site, a.lane AS lane, a.hour AS hour, a.needed AS needed, sum(b.n) AS up_to
    FROM levels AS a JOIN levels AS b ON b.site = a.site AND b.lane = a.lane AND b.hour = a.hour
    WHERE b.needed <= a.needed
    GROUP BY a.site, a.lane, a.hour, a.needed
), counted AS (
    SELECT site, lane, hour, sum(n) AS days_seen, max(service_s) AS mean_service_s, sum(level_worked_s) AS all_worked_s
    FROM levels
    GROUP BY site, lane, hour
)
SELECT c.site AS site, c.lane AS lane, c.hour AS hour, c.days_seen AS days_seen, c.mean_service_s AS mean_service_s,
       min(CASE WHEN 2 * r.up_to >= c.days_seen THEN r.needed ELSE NULL END) AS needed_half,
       min(CASE WHEN 10 * r.up_to >= 9 * c.days_seen THEN r.needed ELSE NULL END) AS needed_nine_of_ten,
       CAST(floor((2 * c.all_worked_s + 360 * c.days_seen) / (720 * CASE WHEN c.days_seen > 0 THEN c.days_seen ELSE 1 END)) AS BIGINT) AS worked_tenths
FROM counted AS c JOIN reached AS r ON r.site = c.site AND r.lane = c.lane AND r.hour = c.hour
GROUP BY c.site, c.lane, c.hour, c.days_seen, c.mean_service_s, c.all_worked_s
ORDER BY c.site, c.lane, c.hour;
