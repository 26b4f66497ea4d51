print("jam")
