-- 5 目標以内の割合の推移 / share within the target by site and month, in per cent rounded down (100 means everybody);
-- the change against the month before, in points. Of fewer than ten people no share is given.
WITH counted AS (
    SELECT site, EXTRACT(YEAR FROM day) * 12 + EXTRACT(MONTH FROM day) - 1 AS month_no,
           sum(CAST(target_within AS BIGINT)) AS within_n, sum(CAST(target_of AS BIGINT)) AS of_n
    FROM lanes
    WHERE target_of IS NOT NULL
    GROUP BY site, EXTRACT(YEAR FROM day) * 12 + EXTRACT(MONTH FROM day) - 1
), shares AS (
    SELECT site, month_no, within_n, of_n,
           CAST(floor(100 * within_n / CASE WHEN of_n > 0 THEN of_n ELSE 1 END) AS BIGINT) AS share
    FROM counted
    WHERE of_n >= 10
)
SELECT s.site AS site, CAST(floor(s.month_no / 12) AS BIGINT) * 100 + s.month_no % 12 + 1 AS yyyymm,
       s.within_n AS within_n, s.of_n AS of_n, s.share AS percent, s.share - b.share AS change
FROM shares AS s LEFT JOIN shares AS b ON b.site = s.site AND b.month_no = s.month_no - 1
ORDER BY s.site, s.month_no;
