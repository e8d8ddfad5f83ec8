"""The plan of the day (今日の計画): who comes when, stands where and rests when."""
