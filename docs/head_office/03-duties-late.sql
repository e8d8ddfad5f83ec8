-- 3 遅れた提出物 / duties late: how many, and the most days.
SELECT site, duty, count(DISTINCT duty_for) AS late, max(days_late) AS worst_days
FROM duties
WHERE tracked AND days_late > 0
GROUP BY site, duty
ORDER BY site, duty;
