-- 1 時間ごと・会場ごとの待ち / waits by hour and site: who was called in the hour; mean and longest wait in seconds.
SELECT site, hour, arrivals, called,
       CAST(floor((2 * waited_s + called) / (2 * CASE WHEN called > 0 THEN called ELSE 1 END)) AS BIGINT) AS mean_s,
       longest_s
FROM (
    SELECT site, hour, sum(CAST(issued AS BIGINT)) AS arrivals, sum(CAST(wait_n AS BIGINT)) AS called,
           sum(CAST(wait_sum_s AS BIGINT)) AS waited_s, max(wait_max_s) AS longest_s
    FROM hours
    GROUP BY site, hour
) AS by_hour
WHERE called > 0
ORDER BY site, hour;
