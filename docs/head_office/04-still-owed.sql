-- 4 いまも出ていない提出物 / still owed, as each site's last day shows it.
SELECT d.site AS site, d.duty AS duty, d.duty_for AS duty_for, d.due AS due, d.days_late AS days_late
FROM duties AS d JOIN (SELECT site, max(day) AS last_day FROM days GROUP BY site) AS latest
    ON latest.site = d.site AND latest.last_day = d.day
WHERE d.tracked AND d.state = 'overdue'
ORDER BY d.site, d.due, d.duty, d.duty_for;
