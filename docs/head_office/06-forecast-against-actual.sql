-- 6 見込みと実績 / expected before the day against who came: by site and month, over closed days with tickets.
-- error: mean distance of a lane's day, in per cent of what was expected; near: lane-days within a quarter of it.
WITH expected_days AS (
    SELECT site, day, lane, sum(CAST(floor(expected * 100 + 0.5) AS BIGINT)) AS expected_c
    FROM forecasts
    GROUP BY site, day, lane
), came_days AS (
    SELECT site, day, lane, sum(CAST(issued AS BIGINT)) * 100 AS came_c
    FROM hours
    GROUP BY site, day, lane
), compared AS (
    SELECT e.site AS site, EXTRACT(YEAR FROM e.day) * 100 + EXTRACT(MONTH FROM e.day) AS yyyymm, e.expected_c AS expected_c,
           c.came_c AS came_c, CASE WHEN c.came_c > e.expected_c THEN c.came_c - e.expected_c ELSE e.expected_c - c.came_c END AS off_c
    FROM expected_days AS e
        JOIN came_days AS c ON c.site = e.site AND c.day = e.day AND c.lane = e.lane
        JOIN days AS d ON d.site = e.site AND d.day = e.day
    WHERE d.closed_at IS NOT NULL AND d.issued > 0
), summed AS (
    SELECT site, yyyymm, count(*) AS lane_days, sum(expected_c) AS all_expected, sum(came_c) AS all_came, sum(off_c) AS all_off,
           sum(CASE WHEN 4 * off_c <= expected_c THEN 1 ELSE 0 END) AS near
    FROM compared
    GROUP BY site, yyyymm
)
SELECT site, yyyymm, lane_days, CAST(floor((all_expected + 50) / 100) AS BIGINT) AS expected, CAST(floor(all_came / 100) AS BIGINT) AS came,
       CAST(floor((200 * all_came + all_expected) / (2 * CASE WHEN all_expected > 0 THEN all_expected ELSE 1 END)) AS BIGINT) AS percent,
       CAST(floor((200 * all_off + all_expected) / (2 * CASE WHEN all_expected > 0 THEN all_expected ELSE 1 END)) AS BIGINT) AS error,
       near
FROM summed
WHERE all_expected > 0
ORDER BY site, yyyymm;
