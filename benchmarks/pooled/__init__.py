"""Many people of different firms over pooled connections: does anybody ever see a word of another firm?"""
