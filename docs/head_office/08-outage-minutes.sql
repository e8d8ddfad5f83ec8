-- 8 障害で失われた分 / minutes of reception lost by outages: by site, month, meaning of the service and sort of the incident.
WITH lost AS (
    SELECT o.site AS site, EXTRACT(YEAR FROM o.day) * 100 + EXTRACT(MONTH FROM o.day) AS yyyymm, o.day AS day, s.meaning AS meaning,
           CASE WHEN o.incident = '' THEN 'planned' WHEN i.category IS NULL THEN 'unknown' ELSE i.category END AS sort,
           CAST(o.minutes AS BIGINT) AS minutes
    FROM outages AS o
        LEFT JOIN services AS s ON s.site = o.site AND s.day = o.day AND s.service = o.service
        LEFT JOIN incidents AS i ON i.site = o.site AND i.day = o.day AND i.incident = o.incident
)
SELECT site, yyyymm, CASE WHEN meaning IS NULL THEN '' ELSE meaning END AS service_meaning, sort AS cause_sort,
       count(DISTINCT day) AS days_hit, sum(minutes) AS minutes_lost
FROM lost
GROUP BY site, yyyymm, CASE WHEN meaning IS NULL THEN '' ELSE meaning END, sort
ORDER BY site, yyyymm, service_meaning, cause_sort;
