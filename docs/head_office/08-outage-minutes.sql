-- 8 障害で失われた分 / minutes of reception lost by outages: by site, month, meaning of the service and sort of the incident.
WITH lost AS (
    SELECT o.site AS site, EXTRACT(YEAR FROM o.day) * 100 + EXTRACT(MONTH FROM o.day) AS yyyymm, o.day AS day,
           CASE WHEN s.meaning IS NULL THEN '' ELSE s.meaning END AS meaning,
           CASE WHEN o.incident = '' THEN 'planned' WHEN i.category IS NULL THEN 'unknown' ELSE i.category END AS cause,
           CAST(o.minutes AS BIGINT) AS minutes
    FROM outages AS o
        LEFT JOIN services AS s ON s.site = o.site AND s.day = o.day AND s.service = o.service
        LEFT JOIN incidents AS i ON i.site = o.site AND i.day = o.day AND i.incident = o.incident
)
SELECT site, yyyymm, meaning, cause, count(DISTINCT day) AS days_hit, sum(minutes) AS minutes_lost
FROM lost
GROUP BY site, yyyymm, meaning, cause
ORDER BY site, yyyymm, meaning, cause;
